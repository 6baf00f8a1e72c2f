/**
 * Reading a stream of server-sent events (WHATWG HTML §9.2).
 *
 * @module
 */

/** One event. */
export interface ServerSentEvent {
  /** "message" unless named. */
  readonly event: string;
  /** The lines of data, joined. */
  readonly data: string;
  /** Goes into Last-Event-ID to continue after a break. */
  readonly id?: string;
}

/** Longest event that is kept, characters; a longer one is dropped. */
const LONGEST_EVENT = 1_048_576;

/** The events of a body, in order. Comments and retry times are skipped; an event cut off by the end is not given. */
export async function* serverSentEvents(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    rest = (rest + decoder.decode(chunk, { stream: true })).replaceAll("\r\n", "\n");
    const blocks = rest.split("\n\n");
    rest = blocks.pop()!;
    if (rest.length > LONGEST_EVENT) rest = "";
    for (const block of blocks) {
      const event = parseBlock(block);
      if (event !== undefined) yield event;
    }
  }
}

function parseBlock(block: string): ServerSentEvent | undefined {
  const data: string[] = [];
  let event = "message";
  let id: string | undefined;
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") data.push(value);
    else if (field === "event") event = value;
    else if (field === "id") id = value;
  }
  return data.length === 0
    ? undefined
    : { event, data: data.join("\n"), ...(id === undefined ? {} : { id }) };
}
