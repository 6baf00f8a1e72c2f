/**
 * @module
 * Batches of one device in one blob: for each, length of its body uint32 ‖ flags uint8 ‖ Unix ms of its
 * first sample float64 ‖ body, big-endian, in the order of their arrival.
 */

/** A batch in a block. */
export interface BlockEntry {
  /** Unix ms of its first sample; null = undated. */
  readonly fromMs: number | null;
  readonly suspect: boolean;
  readonly body: Uint8Array;
}

const HEAD_BYTES = 13;
const SUSPECT = 1;
const UNDATED = 2;

/** Puts batches together. */
export function writeBlock(entries: readonly BlockEntry[]): Uint8Array {
  const size = entries.reduce((sum, { body }) => sum + HEAD_BYTES + body.length, 0);
  const block = new Uint8Array(size), view = new DataView(block.buffer);
  let at = 0;
  for (const { fromMs, suspect, body } of entries) {
    view.setUint32(at, body.length);
    view.setUint8(at + 4, (suspect ? SUSPECT : 0) | (fromMs === null ? UNDATED : 0));
    view.setFloat64(at + 5, fromMs ?? 0);
    block.set(body, at + HEAD_BYTES);
    at += HEAD_BYTES + body.length;
  }
  return block;
}

/** Takes a block apart; bodies are views of it. */
export function readBlock(block: Uint8Array): BlockEntry[] {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const entries: BlockEntry[] = [];
  for (let at = 0; at < block.length;) {
    const end = at + HEAD_BYTES + view.getUint32(at);
    const flags = view.getUint8(at + 4);
    entries.push({
      fromMs: (flags & UNDATED) !== 0 ? null : view.getFloat64(at + 5),
      suspect: (flags & SUSPECT) !== 0,
      body: block.subarray(at + HEAD_BYTES, end),
    });
    at = end;
  }
  return entries;
}
