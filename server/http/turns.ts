/**
 * @module
 * The requests of one connection, one after the other. A client may send the next before it has the answer to
 * the last; node:http hands over all that has come at once. Here each waits for the answer before it, a few
 * may wait, and what follows an answer that ends the connection is no request any more (RFC 9112 §9.6): bytes
 * behind a refused body are never taken for one. Who does not read his answer loses the connection.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/** So many requests of a connection may wait; browsers and agents send none before they have an answer. */
const MOST_WAITING = 64;
/** An answer in the making has this long before a connection that became unreadable is closed, in ms. */
const LAST_ANSWER_MS = 2_000;
/** An answer that is written and not taken for this long is given up, in ms. */
const SLOW_READER_MS = 30_000;

interface Connection {
  /** The request whose turn it is; until its answer is handed over whole. */
  answering: ServerResponse | undefined;
  readonly waiting: (readonly [IncomingMessage, ServerResponse])[];
  /** The last answer was given: nothing more is a request. */
  isOver: boolean;
  /** Runs once after the answers that are due. */
  onIdle: (() => void) | undefined;
  /** Since when its answer is written but not taken, monotonic ms. */
  writtenSinceMs: number | undefined;
}

/** Keeps the turns of all connections of a server. */
export class Turns {
  readonly #connections = new WeakMap<Duplex, Connection>();

  /** The listener with each connection's requests in turn. */
  take(listener: RequestListener): RequestListener {
    const begin = (
      connection: Connection,
      [incoming, outgoing]: readonly [IncomingMessage, ServerResponse],
    ) => {
      connection.answering = outgoing;
      outgoing.once("close", () => {
        connection.answering = undefined;
        connection.writtenSinceMs = undefined;
        connection.isOver ||= !outgoing.shouldKeepAlive || incoming.socket.destroyed;
        const next = connection.isOver ? undefined : connection.waiting.shift();
        if (next !== undefined) begin(connection, next);
        else connection.onIdle?.();
      });
      listener(incoming, outgoing);
    };
    return (incoming, outgoing) => {
      const { socket } = incoming;
      const connection = this.#of(socket);
      if (connection.isOver) return;
      if (connection.answering === undefined) begin(connection, [incoming, outgoing]);
      else if (connection.waiting.push([incoming, outgoing]) > MOST_WAITING) {
        connection.isOver = true;
        connection.waiting.length = 0;
        socket.destroy();
      }
    };
  }

  #of(socket: Duplex): Connection {
    let connection = this.#connections.get(socket);
    if (connection === undefined) {
      connection = {
        answering: undefined,
        waiting: [],
        isOver: false,
        onIdle: undefined,
        writtenSinceMs: undefined,
      };
      this.#connections.set(socket, connection);
    }
    return connection;
  }

  /** Whether a request of this connection is not answered yet. */
  isBusy(socket: Duplex): boolean {
    return this.#connections.get(socket)?.answering !== undefined;
  }

  /** Ends the connection when its answer is written and was not taken since long. To be asked every few seconds. */
  endSlowReader(socket: Duplex, nowMs: number): void {
    const connection = this.#connections.get(socket);
    if (connection?.answering?.writableEnded !== true) return;
    connection.writtenSinceMs ??= nowMs;
    if (nowMs - connection.writtenSinceMs >= SLOW_READER_MS) socket.destroy();
  }

  /**
   * Runs `then` once the requests that came whole are answered, for a connection on which nothing more can be
   * read. `cut` runs instead after the connection's last answer, and where one has begun that may last.
   */
  afterAnswers(
    socket: Duplex,
    { then, cut }: { readonly then: () => void; readonly cut: () => void },
  ): void {
    const connection = this.#of(socket);
    const { answering } = connection;
    if (answering === undefined) return connection.isOver ? cut() : then();
    if (answering.headersSent && !answering.writableEnded) return cut();
    // What cannot be read is the rest of this very request.
    if (!answering.headersSent && !answering.req.complete) {
      connection.isOver = true;
      return then();
    }
    const timer = setTimeout(cut, LAST_ANSWER_MS);
    connection.onIdle = () => {
      clearTimeout(timer);
      if (connection.isOver) cut();
      else then();
    };
  }
}
