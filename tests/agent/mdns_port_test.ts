/**
 * Finding a server through the Network port, by real mDNS on the loopback interface.
 *
 * @module
 */
import { DenoNetwork } from "@fleetd/agent";
import { SERVER_SERVICE } from "@fleetd/firmware-protocol";
import assert from "node:assert/strict";

Deno.test("a server announced on loopback is found, and its goodbye is heard", async () => {
  const network = new DenoNetwork();
  const instance = `port test ${crypto.randomUUID().slice(0, 8)}`;
  const announcement = await network.announce({
    type: SERVER_SERVICE,
    instance,
    port: 8080,
    txt: { v: "1.0", fp: "abcdefghijklmnop" },
    bindAddress: "127.0.0.1",
  });
  const stop = new AbortController();
  const seen: string[] = [];
  const given = setTimeout(() => stop.abort(), 20_000);
  try {
    for await (const { kind, service } of network.findServers(stop.signal)) {
      if (service.instance !== instance) continue;
      seen.push(kind);
      assert.equal(service.port, 8080);
      if (kind === "up") {
        assert.ok(service.addresses.includes("127.0.0.1"), `${service.addresses}`);
        await announcement.close();
      }
      if (kind === "down") stop.abort();
    }
  } finally {
    clearTimeout(given);
    await announcement.close();
  }
  assert.deepEqual([seen.at(0), seen.at(-1)], ["up", "down"]);
});
