/**
 * The yardstick of `ingest`: node:http in Deno that reads a body and answers 204, nothing else.
 *
 * @module
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const server = createServer((request, response) => {
  const chunks: Uint8Array[] = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    response.statusCode = 204;
    response.end();
  });
});
server.listen(
  0,
  "127.0.0.1",
  () => console.log(JSON.stringify({ port: (server.address() as AddressInfo).port })),
);
