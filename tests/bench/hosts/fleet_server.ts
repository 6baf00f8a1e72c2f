/**
 * Our side of the benches: a server on loopback with a fresh database in the folder given, or on the PostgreSQL whose URL
 * is given after it, and an enrolment token that admits any number of devices.
 *
 * @module
 */
import { AdminClient } from "@fleetd/cli/kit";
import { readConfig, startServer } from "@fleetd/server";

const [folder = "", db = `${folder}/fleet.db`] = Deno.args;
const config = readConfig({
  port: 0,
  listen: "127.0.0.1",
  db,
  "data-dir": folder,
  mdns: false,
  "log-level": "error",
});
// All devices of a bench come from one address: a fast clock for rates lets them in.
const server = await startServer(config, { rateClock: () => performance.now() * 1000 });
const url = `http://127.0.0.1:${server.port}`;
const { token: admin } = await new AdminClient({ url }).request<{ token: string }>(
  "POST",
  "/api/v1/setup",
  {
    act: "sign in",
    body: { code: server.setupCode, name: "bench" },
  },
);
const { token } = await new AdminClient({ url, token: admin }).request<{ token: string }>(
  "POST",
  "/api/v1/enrolment-tokens",
  {
    act: "make a token",
    body: { name: "bench", uses: 100_000, ttlS: 86_400 },
  },
);
console.log(JSON.stringify({ port: server.port, token, admin }));
Deno.addSignalListener("SIGTERM", async () => {
  await server.close();
  Deno.exit(0);
});
