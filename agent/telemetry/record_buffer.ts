/**
 * A bounded, numbered buffer of records that outlives crashes: the metrics and reports streams of PROTOCOL §6.
 *
 * Records lie in append-only segment files named `<epoch>-<first counter>.seg`. Each process start opens a new epoch and
 * never appends to a file of an older one, so no pair (epoch, counter) is ever given to two records, whatever a power cut
 * took away; older epochs are sent first. Records go out only once they are durable. When the disk is full or fails, new
 * records stay in memory (bounded) until it takes them again; the buffer drops only from its oldest end and counts.
 *
 * @module
 */
import { type Disk, DiskError } from "../ports.ts";
import { frame, FRAME_BYTES, unframe } from "./frames.ts";
import { parseSegmentName, type Segment, segmentName } from "./segment.ts";

/** What a buffer needs. */
export interface RecordBufferParts {
  /** Where the segments lie. */
  readonly disk: Disk;
  /** A directory of its own. */
  readonly directory: string;
  /** Higher than every epoch before, 1 to 2^32−1: a sequence number reserved for this purpose. */
  readonly epoch: number;
  /** Most bytes on disk. */
  readonly capBytes: number;
  /** Most bytes in memory while the disk takes nothing. */
  readonly memoryCapBytes: number;
  /** Whether the oldest records make room when the buffer is full; else {@linkcode RecordBuffer.append} refuses. */
  readonly dropsOldest: boolean;
}

/** Consecutive records of one epoch, oldest first. */
export interface RecordRun {
  /** Epoch of all of them. */
  readonly epoch: number;
  /** Counter of the first one. */
  readonly first: number;
  /** The records as they were appended; at least one. */
  readonly records: readonly Uint8Array[];
}

/** How full a buffer is. */
export interface BufferFill {
  readonly bytes: number;
  readonly capBytes: number;
  /** Records of this process that are not acknowledged. */
  readonly records: number;
  /** Whether older epochs still hold records. */
  readonly older: boolean;
  /** Records dropped by this process, unsent. */
  readonly dropped: number;
  /** Whether new records go to memory because the disk does not take them. */
  readonly inMemory: boolean;
}

interface Pending {
  readonly counter: number;
  readonly record: Uint8Array;
}

/** Segments per buffer: what is dropped at once when it is full. */
const SEGMENTS = 64;
/** Files at most, however small: a process that starts over and over makes one each time. */
const SEGMENT_FILES_MAX = 512;
const SEGMENT_MIN_BYTES = 16 << 10;
const SEGMENT_MAX_BYTES = 256 << 10;
const READ_TRIES = 3;
/** Records of the present epoch kept in memory so that an agent in good contact never reads its own files. */
const TAIL_MAX = 512;

/** One stream's buffer. Its methods may overlap; they take turns. */
export class RecordBuffer {
  readonly #segmentBytes: number;
  #next = 1;
  /** Segments, oldest first; the last may be the one being written. */
  #segments: Segment[];
  /** The segment being written, or `null` before the first record and after a failure. */
  #open: Segment | null = null;
  /** Newest durable records of the present epoch, without holes. */
  #tail: Pending[] = [];
  /** Records not yet durable, oldest first, without holes; they follow the tail. */
  #pending: Pending[] = [];
  #failing = false;
  #dropped = 0;
  #cache: { readonly segment: Segment; readonly records: Uint8Array[] } | null = null;
  #busy: Promise<unknown> = Promise.resolve();

  readonly #parts: RecordBufferParts;

  private constructor(parts: RecordBufferParts, segments: Segment[]) {
    this.#parts = parts;
    this.#segments = segments;
    const even = Math.floor(parts.capBytes / SEGMENTS);
    this.#segmentBytes = Math.min(SEGMENT_MAX_BYTES, Math.max(SEGMENT_MIN_BYTES, even));
  }

  /** Finds what earlier processes left. @throws {DiskError} */
  static async open(parts: RecordBufferParts): Promise<RecordBuffer> {
    const entries = await parts.disk.list(parts.directory);
    const segments = entries.flatMap((entry) => parseSegmentName(entry) ?? [])
      .filter(({ epoch }) => epoch < parts.epoch)
      .sort((a, b) => a.epoch - b.epoch || a.first - b.first);
    return new RecordBuffer(parts, segments);
  }

  /** Gives a record the next number and keeps it; whether it did: a full buffer that drops nothing refuses. */
  append(record: Uint8Array): Promise<boolean> {
    return this.#alone(async () => {
      if (!this.#parts.dropsOldest && this.#bytesHeld() + record.length > this.#parts.capBytes) {
        return false;
      }
      this.#pending.push({ counter: this.#next++, record });
      await this.#store();
      return true;
    });
  }

  /**
   * The oldest records that may be sent, or `null` when there are none: one epoch, no holes, at most `records` of them
   * and about `bytes` bytes, but at least one.
   */
  oldest(limit: { readonly records: number; readonly bytes: number }): Promise<RecordRun | null> {
    return this.#alone(async () => {
      for (;;) {
        const run = await this.#oldestHeld();
        if (run === null) return null;
        if (run.records.length > 0) return cut(run, limit);
      }
    });
  }

  /** Forgets everything up to and with a record that the server has stored, or will not take. */
  release(epoch: number, through: number): Promise<void> {
    return this.#alone(async () => {
      for (const segment of [...this.#segments]) {
        if (segment.epoch > epoch || (segment.epoch === epoch && segment.first > through)) break;
        const next = this.#following(segment);
        if (segment.epoch === epoch && (next === null || next > through + 1)) {
          segment.releasedThrough = Math.max(segment.releasedThrough, through);
          break;
        }
        await this.#removeSegment(segment);
      }
      if (epoch === this.#parts.epoch) {
        this.#tail = this.#tail.filter(({ counter }) => counter > through);
        this.#pending = this.#pending.filter(({ counter }) => counter > through);
        if (this.#open !== null && this.#heldSince(this.#open) === 0) await this.#retireOpen();
      }
    });
  }

  /** Gives up everything up to and with a record, and counts it as dropped. */
  async refuse(epoch: number, through: number): Promise<void> {
    const run = await this.oldest({ records: Infinity, bytes: Infinity });
    if (run?.epoch === epoch) {
      this.#dropped += Math.min(run.records.length, Math.max(0, through - run.first + 1));
    }
    await this.release(epoch, through);
  }

  /** The newest record that an earlier process stored, or `null`. @throws {DiskError} */
  newestOfEarlier(): Promise<Uint8Array | null> {
    return this.#alone(async () => {
      const earlier = this.#segments.filter(({ epoch }) => epoch !== this.#parts.epoch);
      const segment = earlier.at(-1);
      return segment === undefined ? null : (await this.#readSegment(segment)).at(-1) ?? null;
    });
  }

  /** How full it is. */
  fill(): BufferFill {
    const held = this.#segments.find(({ epoch }) => epoch === this.#parts.epoch);
    const first = held === undefined
      ? this.#pending[0]?.counter ?? this.#next
      : Math.max(held.first, held.releasedThrough + 1);
    return {
      bytes: this.#bytesHeld(),
      capBytes: this.#parts.capBytes,
      records: this.#next - first,
      older: this.#segments.some(({ epoch }) => epoch !== this.#parts.epoch),
      dropped: this.#dropped,
      inMemory: this.#failing,
    };
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#busy.then(work);
    this.#busy = turn.catch(() => {});
    return turn;
  }

  /** Brings pending records to disk; a failure leaves them in memory and starts a new segment next time. */
  async #store(): Promise<void> {
    if (this.#pending.length === 0) return;
    try {
      await this.#makeRoom();
      const segment = this.#open ?? this.#startSegment(this.#pending[0]!.counter);
      const bytes = joined(this.#pending.map(({ record }) => frame(record)));
      await this.#write(segment, bytes);
      if (this.#open === null) this.#segments.push(segment);
      this.#open = segment;
      segment.sizeBytes += bytes.length;
      // Memory may have dropped records while the disk failed: the tail has no holes.
      if (this.#tail.at(-1)?.counter !== this.#pending[0]!.counter - 1) this.#tail = [];
      this.#tail.push(...this.#pending);
      if (this.#tail.length > TAIL_MAX) this.#tail.splice(0, this.#tail.length - TAIL_MAX);
      this.#pending = [];
      this.#failing = false;
      if (segment.sizeBytes >= this.#segmentBytes) this.#open = null;
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      this.#fallBack();
    }
  }

  /** A new segment is written whole, so that what a failed try left of the same name never stands before its records. */
  async #write(segment: Segment, bytes: Uint8Array): Promise<void> {
    const { disk } = this.#parts;
    const path = this.#pathOf(segment);
    if (this.#open === null) return await disk.replace(path, bytes);
    await disk.append(path, bytes);
    await disk.flush(path);
  }

  /** After a failure nothing appended since may count as stored: the same records go to a new segment later. */
  #fallBack(): void {
    this.#failing = true;
    this.#open = null;
    if (!this.#parts.dropsOldest) return;
    let bytes = this.#pending.reduce((sum, { record }) => sum + record.length, 0);
    while (bytes > this.#parts.memoryCapBytes && this.#pending.length > 1) {
      bytes -= this.#pending.shift()!.record.length;
      this.#dropped++;
    }
  }

  async #makeRoom(): Promise<void> {
    if (!this.#parts.dropsOldest) return;
    const needed = this.#pending.reduce((sum, { record }) => sum + record.length + FRAME_BYTES, 0);
    for (;;) {
      const oldest = this.#segments[0];
      const full = this.#diskBytes() + needed > this.#parts.capBytes ||
        this.#segments.length >= SEGMENT_FILES_MAX;
      if (oldest === undefined || !full) return;
      const records = (await this.#readSegment(oldest)).length;
      const released = Math.max(0, oldest.releasedThrough - oldest.first + 1);
      this.#dropped += Math.max(0, records - released);
      if (oldest === this.#open) this.#open = null;
      await this.#removeSegment(oldest);
      const through = oldest.first + records - 1;
      if (oldest.epoch === this.#parts.epoch) {
        this.#tail = this.#tail.filter(({ counter }) => counter > through);
      }
    }
  }

  /** The oldest durable records; an empty run for a segment that held nothing, which is then gone. */
  async #oldestHeld(): Promise<RecordRun | null> {
    const segment = this.#segments[0];
    if (segment === undefined) {
      return this.#failing ? runOf(this.#parts.epoch, this.#pending) : null;
    }
    const from = Math.max(segment.first, segment.releasedThrough + 1);
    const { epoch } = segment;
    if (epoch === this.#parts.epoch && this.#tail.length > 0 && this.#tail[0]!.counter <= from) {
      return runOf(epoch, this.#tail.filter(({ counter }) => counter >= from));
    }
    const records = (await this.#readSegment(segment)).slice(from - segment.first);
    if (records.length === 0 && segment !== this.#open) await this.#removeSegment(segment);
    if (records.length === 0 && segment === this.#open) return null;
    return { epoch, first: from, records };
  }

  async #readSegment(segment: Segment): Promise<Uint8Array[]> {
    if (segment !== this.#open && this.#cache?.segment === segment) return this.#cache.records;
    const bytes = await this.#readFile(segment);
    let records = bytes === null ? [] : unframe(bytes);
    // A failed write may have left records that were then written again to the next segment: those count.
    const next = this.#following(segment);
    if (next !== null) records = records.slice(0, Math.max(0, next - segment.first));
    if (segment !== this.#open) this.#cache = { segment, records };
    return records;
  }

  /** The file's bytes; one that cannot be read again and again holds nothing any more. */
  async #readFile(segment: Segment): Promise<Uint8Array | null> {
    try {
      return await this.#parts.disk.read(this.#pathOf(segment));
    } catch (error) {
      if (!(error instanceof DiskError) || ++segment.readFailures < READ_TRIES) throw error;
      return null;
    }
  }

  /** First counter of the next segment of the same epoch, or `null` when it is the last. */
  #following(segment: Segment): number | null {
    const next = this.#segments[this.#segments.indexOf(segment) + 1];
    return next !== undefined && next.epoch === segment.epoch ? next.first : null;
  }

  #heldSince(segment: Segment): number {
    return this.#next - 1 - Math.max(segment.first - 1, segment.releasedThrough);
  }

  /** Once everything in the open segment is released, a large one makes place for a new one. */
  async #retireOpen(): Promise<void> {
    const segment = this.#open!;
    if (segment.sizeBytes < this.#segmentBytes / 4) return;
    this.#open = null;
    await this.#removeSegment(segment);
  }

  #startSegment(first: number): Segment {
    return { epoch: this.#parts.epoch, first, sizeBytes: 0, releasedThrough: 0, readFailures: 0 };
  }

  /** A file that cannot be removed is forgotten all the same: its records are numbered, so sending them again is harmless. */
  async #removeSegment(segment: Segment): Promise<void> {
    this.#segments = this.#segments.filter((other) => other !== segment);
    if (this.#cache?.segment === segment) this.#cache = null;
    await this.#parts.disk.remove(this.#pathOf(segment)).catch(ignoreDisk);
  }

  #diskBytes(): number {
    return this.#segments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }

  #bytesHeld(): number {
    return this.#pending.reduce((sum, { record }) => sum + record.length, this.#diskBytes());
  }

  #pathOf(segment: Segment): string {
    return `${this.#parts.directory}/${segmentName(segment)}`;
  }
}

function cut(run: RecordRun, limit: { records: number; bytes: number }): RecordRun {
  let bytes = 0;
  const count = run.records.slice(0, limit.records).findIndex((record, index) => {
    bytes += record.length;
    return bytes > limit.bytes && index > 0;
  });
  return { ...run, records: run.records.slice(0, count < 0 ? limit.records : count) };
}

function runOf(epoch: number, entries: readonly Pending[]): RecordRun | null {
  const first = entries[0];
  if (first === undefined) return null;
  return { epoch, first: first.counter, records: entries.map(({ record }) => record) };
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function ignoreDisk(error: unknown): void {
  if (!(error instanceof DiskError)) throw error;
}
