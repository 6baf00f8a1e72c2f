/**
 * The scripted server on a real socket, for tests of the real agent process.
 *
 * @module
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DenoClock, DenoRandom } from "@fleetd/agent";
import { ScriptedServer } from "./scripted_server.ts";

/** A scripted server and its address. */
export interface ServedOverHttp extends AsyncDisposable {
  readonly server: ScriptedServer;
  readonly url: string;
  /** Makes it unreachable until {@linkcode ServedOverHttp.appear}. */
  vanish(): Promise<void>;
  appear(): Promise<void>;
}

/** Starts one on 127.0.0.1. */
export async function serveOverHttp(): Promise<ServedOverHttp> {
  const server = new ScriptedServer({ clock: new DenoClock(), random: new DenoRandom() });
  let port = 0;
  let http = listener(server);
  const appear = async () => {
    http = listener(server);
    await new Promise<void>((resolve) => http.listen(port, "127.0.0.1", resolve));
    port = (http.address() as AddressInfo).port;
  };
  const vanish = () =>
    new Promise<void>((resolve) => {
      server.wake();
      http.close(() => resolve());
      http.closeAllConnections();
    });
  await appear();
  return { server, url: `http://127.0.0.1:${port}`, vanish, appear, [Symbol.asyncDispose]: vanish };
}

function listener(server: ScriptedServer) {
  return createServer(async (request, response) => {
    const chunks: number[] = [];
    for await (const chunk of request) chunks.push(...chunk);
    const answer = await server.answering({
      method: request.method as "GET" | "POST",
      url: `http://${request.headers.host}${request.url}`,
      body: Uint8Array.from(chunks),
      timeoutMs: 1,
      maxBytes: 1,
    });
    response.writeHead(answer.status, {
      "Content-Type": answer.contentType,
      "Content-Length": answer.body.length,
    });
    response.end(answer.body);
  });
}
