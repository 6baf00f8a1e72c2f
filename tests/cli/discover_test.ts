/**
 * @module
 */
import { deepEqual, equal, match } from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { announceAgent } from "@fleetd/firmware-protocol";
import { FakeAdminServer, fakeDevice, FINGERPRINT } from "./fake_admin_server.ts";
import { Workbench } from "./run_fleets.ts";

/** An agent on loopback: announced by mDNS, answering its local RPC. */
async function fakeAgent(handle: string, onInvitation: (body: unknown) => void = () => {}) {
  const rpc = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => text += chunk);
    request.on("end", () => {
      response.setHeader("content-type", "application/json");
      if (request.url === "/v1/info") {
        response.end(JSON.stringify({
          handle,
          model: "Raspberry Pi 4",
          agentVersion: "0.1.0",
          protocol: "1.0",
          state: "unenrolled",
          server: null,
        }));
      } else if (request.method === "POST" && request.url === "/v1/invitation") {
        onInvitation(JSON.parse(text));
        response.writeHead(202).end("{}");
      } else response.writeHead(404).end("{}");
    });
  });
  await new Promise<void>((done) => rpc.listen(0, "127.0.0.1", done));
  const { port } = rpc.address() as AddressInfo;
  const announcement = await announceAgent({
    port,
    bindAddress: "127.0.0.1",
    txt: { v: "1.0", model: "Raspberry Pi 4", ver: "0.1.0", state: "unenrolled", h: handle },
  });
  return {
    port,
    async [Symbol.asyncDispose]() {
      await announcement.close();
      rpc.closeAllConnections();
      await new Promise<void>((done) => rpc.close(() => done()));
    },
  };
}

/** A handle that no other agent on this network has. */
function freshHandle(): string {
  const letters = "abcdefghijklmnopqrstuvwxyz234567";
  const four = () =>
    Array.from(crypto.getRandomValues(new Uint8Array(4)), (b) => letters[b & 31]).join("");
  return [four(), four(), four(), four()].join("-");
}

Deno.test("discover finds an agent by mDNS without any server", async () => {
  const handle = freshHandle();
  await using agent = await fakeAgent(handle);
  using bench = new Workbench();
  const { code, stdout, stderr } = await bench.fleets(
    "discover",
    "-timeout",
    "2s",
    "--filter",
    `handle=${handle}`,
    "-o",
    "json",
  );
  equal(code, 0, stderr);
  const [found, ...others] = JSON.parse(stdout);
  deepEqual(others, []);
  deepEqual(found, {
    handle,
    address: `127.0.0.1:${agent.port}`,
    addresses: ["127.0.0.1"],
    port: agent.port,
    interface: "lo",
    model: "Raspberry Pi 4",
    version: "0.1.0",
    protocol: "1.0",
    state: "unenrolled",
    serverFingerprintPrefix: null,
    known: null,
    admission: null,
    name: null,
  });
});

Deno.test("discover says whether the server signed in to knows an agent", async () => {
  const [handle, other] = [freshHandle(), freshHandle()];
  await using _agent = await fakeAgent(handle);
  await using _other = await fakeAgent(other);
  await using server = await FakeAdminServer.start();
  server.devices.push(fakeDevice(handle, { name: "kitchen" }));
  using bench = new Workbench().signedInTo(server);
  const { stdout } = await bench.fleets("discover", "-timeout", "2s");
  match(stdout, /^HANDLE +NAME +ADDRESS +MODEL +VERSION +STATE +ON SERVER\n/);
  match(stdout, new RegExp(`${handle} +kitchen .* accepted\\n`));
  match(stdout, new RegExp(`${other} +- .* no\\n`));
});

Deno.test("discover asks one agent directly where mDNS does not cross", async () => {
  const handle = freshHandle();
  await using agent = await fakeAgent(handle);
  using bench = new Workbench();
  const asked = await bench.fleets(
    "discover",
    "--address",
    `127.0.0.1:${agent.port}`,
    "-o",
    "ndjson",
  );
  equal(asked.code, 0, asked.stderr);
  equal(JSON.parse(asked.stdout).handle, handle);
  const nobody = await bench.fleets("discover", "--address", "127.0.0.1:9", "-o", "ndjson");
  deepEqual([nobody.code, nobody.stdout], [5, ""]);
  match(nobody.stderr, /no agent answers there/);
  await using server = await FakeAdminServer.start();
  const wrong = await bench.fleets("discover", "--address", new URL(server.url).host);
  equal(wrong.code, 5);
});

Deno.test("discover lists services of one type and of all", async () => {
  const handle = freshHandle();
  await using agent = await fakeAgent(handle);
  using bench = new Workbench();
  for (const args of [["--service", "_fleetd._tcp"], ["-service", "fleetd"], ["--all"]]) {
    const { stdout } = await bench.fleets(
      "discover",
      ...args,
      "--timeout",
      "2500ms",
      "-o",
      "ndjson",
    );
    const services = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
    const found = services.find((s) => s.instance === handle);
    deepEqual([found?.type, found?.port, found?.txt.state], [
      "_fleetd._tcp",
      agent.port,
      "unenrolled",
    ]);
  }
  equal((await bench.fleets("discover", "--service", "a b")).code, 2);
});

Deno.test("discover --watch tells of each agent that comes and goes", async () => {
  const handle = freshHandle();
  using bench = new Workbench();
  const child = bench.spawn([
    "discover",
    "--watch",
    "-o",
    "ndjson",
    "--filter",
    `handle=${handle}`,
  ]);
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const until = async (wanted: RegExp) => {
    while (!wanted.test(text)) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`ended with ${text}`);
      text += value;
    }
  };
  {
    await using _agent = await fakeAgent(handle);
    await until(/"event":"up"/);
  }
  await until(/"event":"down"/);
  child.kill("SIGINT");
  const [status] = await Promise.all([child.status, reader.cancel(), child.stderr.cancel()]);
  equal(status.code, 0);
});

Deno.test("register invites a discovered agent, waits for it, then wants its fingerprint", async () => {
  const handle = freshHandle();
  await using server = await FakeAdminServer.start();
  const invitations: unknown[] = [];
  await using _agent = await fakeAgent(handle, (body) => {
    invitations.push(body);
    server.devices.push(fakeDevice(handle, { admission: "pending" }));
  });
  using bench = new Workbench().signedInTo(server);
  const fingerprint = `${handle}-aaaa-bbbb`;
  const { code, stderr } = await bench.fleets(
    "devices",
    "register",
    handle.slice(0, 9),
    "--fingerprint",
    fingerprint,
  );
  equal(code, 0, stderr);
  deepEqual(invitations, [{ url: server.url, fingerprint: FINGERPRINT }]);
  equal(server.devices[0]!.admission, "accepted");
  match(stderr, new RegExp(`Registered ${handle}`));
});

Deno.test("register of what nobody knows says where to look", async () => {
  await using server = await FakeAdminServer.start();
  using bench = new Workbench().signedInTo(server);
  const { code, stderr } = await bench.fleets("devices", "register", freshHandle());
  equal(code, 4);
  match(stderr, /neither the server nor this network knows it[\s\S]*fleets discover/);
});
