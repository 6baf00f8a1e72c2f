/**
 * A load generator that costs little itself: kept connections, bodies made beforehand, one request in flight on each.
 *
 * @module
 */
import { connect, type Socket } from "node:net";

/** One request, whole. */
export function rawPost(
  { path, host, type, body }: { path: string; host: string; type: string; body: Uint8Array },
): Uint8Array {
  const head = new TextEncoder().encode(
    `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\n\r\n`,
  );
  const whole = new Uint8Array(head.length + body.length);
  whole.set(head);
  whole.set(body, head.length);
  return whole;
}

/** What a load brought back. */
export interface LoadResult {
  readonly answered: number;
  /** Answers whose status was not the expected one. */
  readonly wrong: number;
  /** Milliseconds from sending to the whole answer, one per request, sorted. */
  readonly latenciesMs: readonly number[];
}

const decoder = new TextDecoder("latin1");

function exchange(socket: Socket, request: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = "", needed = -1;
    const done = (result: () => void) => {
      socket.off("data", onData).off("error", onError).off("close", onClose);
      result();
    };
    const onError = (error: Error) => done(() => reject(error));
    const onClose = () => done(() => reject(new Error("the server closed the connection")));
    const onData = (chunk: Uint8Array) => {
      text += decoder.decode(chunk);
      if (needed < 0) {
        const end = text.indexOf("\r\n\r\n");
        if (end < 0) return;
        const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end + 2));
        needed = end + 4 + (length === null ? 0 : Number(length[1]));
      }
      if (text.length >= needed) done(() => resolve(Number(text.slice(9, 12))));
    };
    socket.on("data", onData).on("error", onError).on("close", onClose);
    socket.write(request);
  });
}

/** Sends every connection's requests one after the other, all connections at once. Bounded by the requests given. */
export async function load(
  { port, queues, expect }: {
    port: number;
    queues: readonly (readonly Uint8Array[])[];
    expect: number;
  },
): Promise<LoadResult> {
  let answered = 0, wrong = 0;
  const latenciesMs: number[] = [];
  await Promise.all(queues.map(async (queue) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    await new Promise<void>((resolve, reject) =>
      socket.once("connect", resolve).once("error", reject)
    );
    for (const request of queue) {
      const sent = performance.now();
      if (await exchange(socket, request) !== expect) wrong++;
      latenciesMs.push(performance.now() - sent);
      answered++;
    }
    socket.destroy();
  }));
  return { answered, wrong, latenciesMs: latenciesMs.sort((a, b) => a - b) };
}
