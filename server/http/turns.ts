/**
 * @module
 * The requests of one connection, one after the other. A client may send the next before it has the answer to
 * the last; node:http hands over all that has come at once. Here each waits for the answer before it, and what
 * follows an answer that ends the connection is no request any more (RFC 9112 §9.6): bytes behind a refused
 * body are never taken for one.
 */
import type { RequestListener, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/** An answer in the making has this long before a connection that became unreadable is closed, in ms. */
const LAST_ANSWER_MS = 2_000;

interface Turn {
  readonly outgoing: ServerResponse;
  isOver: boolean;
}

/** Keeps the turns of all connections of a server. */
export class Turns {
  /** The newest of each connection. */
  readonly #newest = new WeakMap<Duplex, Turn>();

  /** The listener with each connection's requests in turn. */
  take(listener: RequestListener): RequestListener {
    return (incoming, outgoing) => {
      const { socket } = incoming;
      const before = this.#newest.get(socket);
      const turn: Turn = { outgoing, isOver: false };
      this.#newest.set(socket, turn);
      outgoing.once("close", () => turn.isOver = true);
      if (before === undefined) return listener(incoming, outgoing);
      // After the last answer nothing is said: the connection is about to close, with that answer delivered.
      const next = () => {
        if (before.outgoing.shouldKeepAlive && !socket.destroyed) listener(incoming, outgoing);
      };
      if (before.isOver) next();
      else before.outgoing.once("close", next);
    };
  }

  /** Whether a request of this connection is not answered yet. */
  isBusy(socket: Duplex): boolean {
    return this.#newest.get(socket)?.isOver === false;
  }

  /**
   * Runs `then` once the requests that came whole are answered, for a connection on which nothing more can be
   * read. `cut` runs instead after the connection's last answer, and where one has begun that may last.
   */
  afterAnswers(
    socket: Duplex,
    { then, cut }: { readonly then: () => void; readonly cut: () => void },
  ): void {
    const newest = this.#newest.get(socket);
    if (newest === undefined || newest.isOver) return then();
    const { outgoing } = newest;
    if (outgoing.headersSent && !outgoing.writableEnded) return cut();
    // What cannot be read is the rest of this very request.
    if (!outgoing.headersSent && !outgoing.req.complete) return then();
    const timer = setTimeout(cut, LAST_ANSWER_MS);
    outgoing.once("close", () => {
      clearTimeout(timer);
      if (outgoing.shouldKeepAlive) then();
      else cut();
    });
  }
}
