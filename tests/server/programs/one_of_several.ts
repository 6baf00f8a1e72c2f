/**
 * One of the servers of a fleet, in a process that may be killed: `one_of_several.ts URL FOLDER PORT [SKEW]`, SKEW being
 * how many ms its machine's clock is wrong. Says its port and, when nobody can sign in, the setup code as one line of JSON.
 * SIGTERM ends it in order.
 *
 * @module
 */
import { readConfig, startServer } from "@fleetd/server";

const [db = "", folder = "", port = "0", skew = "0"] = Deno.args;
const rightNow = Date.now;
Date.now = () => rightNow() + Number(skew);

const config = readConfig({
  port: Number(port),
  listen: "127.0.0.1",
  db,
  "data-dir": folder,
  "key-file": `${folder}/fleet.key`,
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
