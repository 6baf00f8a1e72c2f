/**
 * Asks a TLS server on this machine three times: `ask_thrice.ts PORT`. The authority comes from DENO_CERT.
 *
 * @module
 */
import { DenoNetwork } from "@fleetd/agent";

const network = new DenoNetwork();
for (const host of ["localhost", "127.0.0.1", "127.0.0.1"]) {
  const url = `https://${host}:${Deno.args[0]}/`;
  const { body } = await network.request({ method: "GET", url, timeoutMs: 10_000, maxBytes: 100 });
  console.log(new TextDecoder().decode(body));
}
network.close();
