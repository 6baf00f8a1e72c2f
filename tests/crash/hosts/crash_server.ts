/**
 * A real server in a process that may be killed: `crash_server.ts FOLDER PORT`. Says its port and, on a fresh database, the
 * setup code as one line of JSON. SIGTERM ends it in order.
 *
 * @module
 */
import { readConfig, startServer } from "@fleetd/server";

const [folder, port] = Deno.args;
const config = readConfig({
  port: Number(port),
  listen: "127.0.0.1",
  db: `${folder}/fleet.db`,
  mdns: false,
  "log-level": "error",
});
// All devices of a test come from one address: a fast clock for rates lets them in.
const server = await startServer(config, { rateClock: () => performance.now() * 1000 });
console.log(JSON.stringify({ port: server.port, setupCode: server.setupCode }));
Deno.addSignalListener("SIGTERM", async () => {
  await server.close();
  Deno.exit(0);
});
