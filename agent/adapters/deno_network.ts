/**
 * The agent's way to its server: HTTP/1.1 over plain TCP or TLS, and mDNS through the protocol's discovery.
 *
 * Why not `fetch`: one exchange is the agent's whole life, so its head is the 60 bytes it needs (`fetch` sends three
 * times that), it costs a fifth of the processor time and 4 MB less memory, and every limit is ours: one deadline for
 * name, connection, TLS and answer; no redirect, no content encoding, no answer longer than asked for.
 *
 * @module
 */
import type { AnnouncedService, Announcement, BrowseEvent } from "@fleetd/firmware-protocol";
import { announce, browse, SERVER_SERVICE } from "@fleetd/firmware-protocol";
import type { HttpAnswer, HttpRequest, Network } from "../ports.ts";
import { NetworkError } from "../ports.ts";
import { Deadline } from "./deadline.ts";
import { HttpConnection } from "./http_connection.ts";

/** A connection idle for longer has probably been forgotten by a router on the way. */
const IDLE_LIMIT_MS = 240_000;

/** {@linkcode Network} on Deno. Keeps at most one idle connection; {@linkcode DenoNetwork.close} closes it. */
export class DenoNetwork implements Network {
  #idle: HttpConnection | null = null;
  #idleSinceMs = 0;

  async request(request: HttpRequest): Promise<HttpAnswer> {
    const url = readUrl(request.url);
    const deadline = new Deadline(request.timeoutMs, request.signal);
    try {
      const kept = this.#takeIdle(url.origin);
      if (kept !== null) {
        const answer = await this.#exchange(kept, { url, request, deadline });
        if (answer !== null) return answer;
      }
      const opened = await HttpConnection.open(url, deadline);
      const answer = await this.#exchange(opened, { url, request, deadline });
      if (answer !== null) return answer;
      throw new NetworkError(
        "network.broken",
        `Cannot reach ${url.origin}: the connection closed without an answer`,
      );
    } catch (error) {
      throw deadline.explain(error, url.origin);
    } finally {
      deadline.end();
    }
  }

  findServers(signal: AbortSignal): AsyncIterable<BrowseEvent> {
    return browse({ types: [SERVER_SERVICE], signal, loopback: true });
  }

  announce(service: AnnouncedService): Promise<Announcement> {
    return announce(service);
  }

  /** Closes the idle connection. Exchanges under way are not touched: abort their signals. */
  close(): void {
    this.#idle?.close();
    this.#idle = null;
  }

  /**
   * @returns the answer, or `null` when a kept connection turned out to be closed by the server before it sent a byte: the
   * exchange is then made again on a new one, which is safe because a repeated exchange of the protocol has no second effect
   */
  async #exchange(
    connection: HttpConnection,
    { url, request, deadline }: { url: URL; request: HttpRequest; deadline: Deadline },
  ): Promise<HttpAnswer | null> {
    let reusable = false;
    try {
      const read = await connection.exchange(url, request, deadline);
      if (read === null) return null;
      reusable = read.reusable;
      return read.answer;
    } finally {
      if (reusable) this.#keep(connection);
      else connection.close();
    }
  }

  #keep(connection: HttpConnection): void {
    this.#idle?.close();
    this.#idle = connection;
    this.#idleSinceMs = performance.now();
  }

  #takeIdle(origin: string): HttpConnection | null {
    const idle = this.#idle;
    if (idle === null || idle.origin !== origin) return null;
    this.#idle = null;
    if (performance.now() - this.#idleSinceMs < IDLE_LIMIT_MS) return idle;
    idle.close();
    return null;
  }
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (
    url === null || (url.protocol !== "http:" && url.protocol !== "https:") ||
    url.username !== "" || url.password !== ""
  ) {
    throw new NetworkError(
      "network.bad_url",
      `Cannot ask "${text}": it is not an http:// or https:// address without user name`,
    );
  }
  return url;
}
