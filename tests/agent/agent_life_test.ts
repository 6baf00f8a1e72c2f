/**
 * The agent's life with its server, from the first look to the day it is sent away.
 *
 * @module
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import {
  bundleCodec,
  CommandStatus,
  DeviceStateCode,
  NeedCode,
  parseToken,
  WireErrorCode,
} from "@fleetd/firmware-protocol";
import { AgentUnderTest, SERVER_URL } from "./agent_under_test.ts";
import { refusal, ScriptedServer } from "./scripted_server.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function identify(id: number) {
  return { id, name: "identify", ttlS: 60 };
}

Deno.test("an agent with a token is accepted at once, uses the token once and sends telemetry and inventory", async () => {
  const it = new AgentUnderTest().withToken();
  await it.start();
  await it.until("accepted", MINUTE);
  await it.ports.clock.advance(2 * MINUTE);
  const { device } = it.server;
  equal(device.state, DeviceStateCode.active);
  ok(device.samples.length >= 6, `${device.samples.length} samples`);
  ok(device.inventory);
  deepEqual([...it.server.tokens.values()].map(({ left }) => left), [0]);
  const { session } = it.agent!.machine.state as { session: { pin: { trust: string } } };
  equal(session.pin.trust, "token");
  deepEqual(it.server.breaches, []);
  await it.stop();
});

Deno.test("an agent without a token waits to be accepted and learns of it at once", async () => {
  const it = new AgentUnderTest();
  await it.start();
  await it.until("pending", MINUTE);
  await it.ports.clock.advance(10 * MINUTE);
  equal(it.state, "pending");
  equal(it.server.device.samples.length, 0);
  it.server.setState(DeviceStateCode.active);
  await it.until("accepted", 1_000);
  await it.ports.clock.advance(MINUTE);
  ok(it.server.device.samples.length >= 60, "what was measured while it waited arrives too");
  deepEqual(it.server.breaches, []);
  await it.stop();
});

Deno.test("a pending device says nothing beyond key 9", async () => {
  const it = new AgentUnderTest();
  await it.start();
  await it.until("pending", MINUTE);
  await it.ports.clock.advance(5 * MINUTE);
  const allowed = [
    "v",
    "uptimeMs",
    "bootId",
    "agentVersion",
    "serverEpoch",
    "clock",
    "deviceTime",
    "bootReason",
    "waitS",
    "rxMax",
  ];
  const said = new Set(it.server.heard.flatMap((request) => Object.keys(request)));
  deepEqual([...said].filter((key) => !allowed.includes(key)), []);
  await it.stop();
});

Deno.test("a waiting agent costs one exchange in each wait, takes telemetry along and answers a command at once", async () => {
  const it = new AgentUnderTest().withToken();
  it.server.intervalS = 60;
  await it.start();
  await it.until("accepted", MINUTE);
  await it.ports.clock.advance(5 * MINUTE);
  const before = it.server.heard.length;
  await it.ports.clock.advance(10 * MINUTE);
  const exchanges = it.server.heard.length - before;
  ok(exchanges <= 13, `${exchanges} exchanges in ten minutes`);
  await it.ports.clock.advance(17_000);
  it.server.command(identify(1));
  await it.ports.clock.advance(1_000);
  const { reports } = it.server.device;
  deepEqual(reports.map(({ item }) => item.body), [{ id: 1, status: CommandStatus.ok }]);
  ok(it.said("It is me"));
  equal(it.server.device.commandsThrough, 1);
  deepEqual(it.server.breaches, []);
  await it.stop();
});

Deno.test("an unknown command is answered unsupported, and none is run twice", async () => {
  const it = new AgentUnderTest().withToken();
  await it.start();
  await it.until("accepted", MINUTE);
  it.server.command({ id: 3, name: "dance", ttlS: 60 });
  it.server.command(identify(4));
  await it.ports.clock.advance(5 * MINUTE);
  deepEqual(it.server.device.reports.map(({ item }) => item.body), [
    { id: 3, status: CommandStatus.unsupported },
    { id: 4, status: CommandStatus.ok },
  ]);
  await it.stop();
});

Deno.test("a server trusted on first use gets telemetry and no command until a person confirms its fingerprint", async () => {
  const it = new AgentUnderTest();
  it.server.admission = DeviceStateCode.active;
  await it.start();
  await it.until("accepted", MINUTE);
  it.server.command(identify(1));
  await it.ports.clock.advance(MINUTE);
  deepEqual(it.server.device.reports.map(({ item }) => item.body), [
    {
      id: 1,
      status: CommandStatus.refused,
      output: new TextEncoder().encode("trusted on first use only"),
    },
  ]);
  ok(it.server.device.samples.length > 0);
  await it.direct({ fingerprint: it.server.fingerprint });
  await it.untilTrue(() => it.said("The server's key is confirmed"), MINUTE);
  it.server.command(identify(2));
  await it.ports.clock.advance(MINUTE);
  equal(
    (it.server.device.reports.at(-1)!.item.body as { status: number }).status,
    CommandStatus.ok,
  );
  await it.stop();
});

Deno.test("a wrong fingerprint confirms nothing and the log says so", async () => {
  const it = new AgentUnderTest();
  await it.start();
  await it.until("pending", MINUTE);
  await it.direct({ fingerprint: "aaaa-bbbb-cccc-dddd-eeee-ffff" });
  await it.untilTrue(() => it.said("The confirmed fingerprint is not this server's"), MINUTE);
  ok(it.said("trust=tofu") && !it.said("trust=confirmed"));
  await it.stop();
});

Deno.test("an unconfirmed pin is dropped after a day of silence, a confirmed one never", async () => {
  for (const confirmed of [false, true]) {
    const it = new AgentUnderTest();
    it.config = { ...it.config, sampleIntervalMs: 600_000 };
    await it.start();
    await it.until("pending", MINUTE);
    if (confirmed) await it.direct({ fingerprint: it.server.fingerprint });
    await it.ports.clock.advance(MINUTE);
    it.ports.network.weather = "refused";
    await it.ports.clock.advance(23 * HOUR);
    equal(it.state, "pending");
    await it.ports.clock.advance(2 * HOUR);
    equal(it.said("Gave up a server that nobody confirmed"), !confirmed);
    await it.stop();
  }
});

Deno.test("an agent finds its server by mDNS", async () => {
  const it = new AgentUnderTest();
  it.config = { ...it.config, server: null };
  await it.start();
  await it.ports.clock.advance(MINUTE);
  equal(it.state, "looking");
  it.ports.network.serverUp(it.server.service());
  await it.until("pending", MINUTE);
  await it.stop();
});

Deno.test("an unpinned agent that sees two servers waits, names both, and goes on when told which", async () => {
  const it = new AgentUnderTest();
  it.config = { ...it.config, server: null };
  const other = new ScriptedServer(it.ports);
  it.ports.network.serverUp(it.server.service("First", "192.0.2.1"));
  it.ports.network.serverUp(other.service("Second", "192.0.2.2"));
  await it.start();
  await it.ports.clock.advance(10 * MINUTE);
  equal(it.state, "waiting");
  const line = it.lines.find((text) => text.includes("Sees several servers"))!;
  ok(
    line.includes("First http://192.0.2.1:8080") && line.includes("Second http://192.0.2.2:8080"),
    line,
  );
  equal(it.ports.network.requests.length, 0);
  await it.direct({ fingerprint: it.server.fingerprint });
  await it.until("pending", MINUTE);
  const { session } = it.agent!.machine.state as { session: { pin: { trust: string } } };
  equal(session.pin.trust, "confirmed");
  await it.stop();
});

Deno.test("an agent with a token picks its server among several, and sends nothing to another", async () => {
  const it = new AgentUnderTest().withToken();
  it.config = { ...it.config, server: null };
  const other = new ScriptedServer(it.ports);
  it.ports.network.serverUp(other.service("Second", "192.0.2.2"));
  it.ports.network.serverUp(it.server.service("First", "192.0.2.1"));
  await it.start();
  await it.until("accepted", MINUTE);
  deepEqual(it.ports.network.requests.filter(({ url }) => url.includes("192.0.2.2")), []);
  await it.stop();
});

Deno.test("an agent whose token belongs to another server never sends a handshake", async () => {
  const it = new AgentUnderTest();
  const other = new ScriptedServer(it.ports);
  it.withToken(other.makeToken());
  await it.start();
  await it.ports.clock.advance(HOUR);
  equal(it.ports.network.requests.filter(({ url }) => url.endsWith("/enrol")).length, 0);
  ok(it.said("is not the one of the enrolment token"));
  await it.stop();
});

Deno.test("a spent token leaves the device pending, and another one admits it", async () => {
  const it = new AgentUnderTest();
  const spent = it.server.makeToken();
  it.server.spendToken(spent);
  it.withToken(spent);
  await it.start();
  await it.until("pending", MINUTE);
  ok(it.said("The server did not take the enrolment token status=spent"));
  await it.direct({ token: it.server.makeToken() });
  await it.until("accepted", MINUTE);
  await it.ports.clock.advance(MINUTE);
  equal(
    await it.ports.disk.read("/state/directions.json"),
    null,
    "a used token does not stay on disk",
  );
  await it.stop();
});

Deno.test("an outage loses no sample, and the agent goes on by itself", async () => {
  const it = new AgentUnderTest().withToken();
  await it.start();
  await it.until("accepted", MINUTE);
  it.ports.network.weather = "refused";
  await it.ports.clock.advance(6 * HOUR);
  it.ports.network.weather = "fine";
  await it.ports.clock.advance(5 * MINUTE);
  const { samples, streams } = it.server.device;
  ok(samples.length >= 6 * 360, `${samples.length} samples`);
  equal(new Set(samples.map(({ id }) => id)).size, samples.length);
  equal(streams.get(1)!.lost, 0);
  deepEqual(it.server.breaches, []);
  await it.stop();
});

Deno.test("after a restore of the server the agent agrees on new keys under its pin, without a token", async () => {
  const it = new AgentUnderTest().withToken();
  await it.start();
  await it.until("accepted", MINUTE);
  await it.ports.clock.advance(2 * HOUR);
  it.server.forgetSessions();
  await it.ports.clock.advance(5 * MINUTE);
  equal(it.state, "accepted");
  deepEqual(it.server.device.requests.map(({ reason }) => reason), [0, 1]);
  deepEqual(it.server.breaches, []);
  await it.stop();
});

Deno.test("forged unknown_kid answers change nothing but the back-off, and lead to one handshake an hour at most", async () => {
  const it = new AgentUnderTest().withToken();
  await it.start();
  await it.until("accepted", MINUTE);
  await it.ports.clock.advance(2 * HOUR);
  const saved = await it.ports.disk.read("/state/state.0.json");
  let handshakes = 0;
  it.server.impostor = ({ url }) => {
    if (url.endsWith("/enrol")) handshakes++;
    return refusal(401, WireErrorCode.unknownKid);
  };
  await it.ports.clock.advance(5 * HOUR);
  ok(handshakes >= 1 && handshakes <= 5, `${handshakes} handshakes`);
  deepEqual(await it.ports.disk.read("/state/state.0.json"), saved);
  it.server.impostor = null;
  await it.ports.clock.advance(5 * MINUTE);
  equal(it.state, "accepted");
  await it.stop();
});

Deno.test("asked to rekey, the agent agrees on new keys and syncs on under them", async () => {
  const it = new AgentUnderTest().withToken();
  await it.start();
  await it.until("accepted", MINUTE);
  await it.ports.clock.advance(2 * HOUR);
  it.server.script = (reply, _, { device }) => {
    if (device.requests.length === 1) reply.need = [NeedCode.rekey];
  };
  await it.ports.clock.advance(5 * MINUTE);
  deepEqual(it.server.device.requests.map(({ reason }) => reason), [0, 2]);
  equal(it.state, "accepted");
  await it.stop();
});

Deno.test("stale_seq makes the agent go on behind the server's last number", async () => {
  const it = new AgentUnderTest().withToken();
  await it.start();
  await it.until("accepted", MINUTE);
  for (const session of it.server.sessions.values()) session.lastSeq = 5_000;
  await it.ports.clock.advance(2 * MINUTE);
  ok([...it.server.sessions.values()].some(({ lastSeq }) => lastSeq > 5_000));
  equal(it.state, "accepted");
  deepEqual(it.server.breaches, []);
  await it.stop();
});

Deno.test("a resync nonce is echoed in the next request", async () => {
  const it = new AgentUnderTest().withToken();
  await it.start();
  await it.until("accepted", MINUTE);
  const nonce = new Uint8Array(8).fill(9);
  let asked = false;
  it.server.script = (reply, request) => {
    if (request.resyncNonce) asked = true;
    if (asked) return;
    reply.error = { code: WireErrorCode.resync };
    reply.resyncNonce = nonce;
  };
  await it.untilTrue(() => asked, 2 * MINUTE);
  deepEqual(it.server.heard.find(({ resyncNonce }) => resyncNonce)!.resyncNonce, nonce);
  await it.stop();
});

Deno.test("a changed server epoch brings facts and inventory again", async () => {
  const it = new AgentUnderTest().withToken();
  await it.start();
  await it.until("accepted", MINUTE);
  await it.ports.clock.advance(5 * MINUTE);
  it.server.serverEpoch = 8;
  const before = it.server.heard.length;
  await it.ports.clock.advance(2 * MINUTE);
  const later = it.server.heard.slice(before);
  ok(later.some(({ agentVersion, running }) => agentVersion === "1.2.3" && running !== undefined));
  ok(later.some(({ inventory }) => inventory !== undefined));
  await it.stop();
});

Deno.test("records that the server will not take are dropped and counted, and telemetry goes on", async () => {
  const it = new AgentUnderTest().withToken();
  await it.start();
  await it.until("accepted", MINUTE);
  let rejected = 0;
  it.server.script = (reply, { metrics }) => {
    if (metrics === undefined || rejected > 0) return;
    rejected = metrics.count;
    const through = metrics.first + metrics.count - 1;
    reply.acks = undefined;
    reply.rejected = [{ section: 12, code: WireErrorCode.schema, epoch: metrics.epoch, through }];
  };
  await it.untilTrue(() => rejected > 0, 5 * MINUTE);
  await it.ports.clock.advance(2 * MINUTE);
  equal(it.agent!.stored.metrics.fill().dropped, rejected);
  ok(it.server.device.samples.length > rejected);
  await it.stop();
});

Deno.test("rejected and decommissioned devices ask once a day; a quarantined one sends telemetry and runs nothing", async () => {
  const it = new AgentUnderTest().withToken();
  await it.start();
  await it.until("accepted", MINUTE);
  it.server.setState(DeviceStateCode.quarantined);
  await it.until("quarantined", MINUTE);
  it.server.command(identify(1));
  const before = it.server.device.samples.length;
  await it.ports.clock.advance(5 * MINUTE);
  ok(it.server.device.samples.length > before);
  equal(it.server.device.reports.length, 0);
  it.server.setState(DeviceStateCode.decommissioned);
  await it.until("decommissioned", 5 * MINUTE);
  const heard = it.server.heard.length;
  await it.ports.clock.advance(5 * 24 * HOUR);
  ok(
    it.server.heard.length - heard <= 5,
    `${it.server.heard.length - heard} exchanges in five days`,
  );
  await it.stop();
});

Deno.test("an enrolled agent whose server moved finds it again by mDNS and the pinned key", async () => {
  const it = new AgentUnderTest().withToken();
  it.config = { ...it.config, server: null };
  it.ports.network.serverUp(it.server.service("First", "192.0.2.1"));
  await it.start();
  await it.until("accepted", MINUTE);
  const gone = (url: string) => url.includes("192.0.2.1:");
  it.server.impostor = ({ url }) =>
    gone(url) ? { status: 502, body: new Uint8Array(0), contentType: "" } : null;
  it.ports.network.serverUp(it.server.service("First", "192.0.2.9"));
  await it.ports.clock.advance(5 * MINUTE);
  const { session } = it.agent!.machine.state as { session: { pin: { urls: readonly string[] } } };
  equal(session.pin.urls[0], "http://192.0.2.9:8080");
  equal(it.state, "accepted");
  await it.stop();
});

Deno.test("a server that ends every wait at once is not asked without pause", async () => {
  const it = new AgentUnderTest().withToken();
  await it.start();
  await it.until("accepted", MINUTE);
  await it.ports.clock.advance(MINUTE);
  const before = it.server.heard.length;
  for (let s = 0; s < 600; s++) {
    it.server.wake();
    await it.ports.clock.advance(1_000);
  }
  const exchanges = it.server.heard.length - before;
  ok(exchanges < 60, `${exchanges} exchanges in ten minutes`);
  await it.stop();
});

Deno.test("samples of a host without a clock are dated by the server's time or by uptime and boot", async () => {
  const it = new AgentUnderTest().withToken();
  it.ports.clock.setWall(0);
  it.ports.network.weather = "refused";
  it.server.script = (reply) => reply.time = 1_900_000_000_000;
  await it.start();
  await it.ports.clock.advance(MINUTE);
  it.ports.network.weather = "fine";
  await it.until("accepted", MINUTE);
  await it.ports.clock.advance(2 * MINUTE);
  const { samples } = it.server.device;
  ok(samples.length > 6);
  const dated = samples.filter(({ base, sample }) =>
    base === 1 && Math.abs(sample.atMs - 1_900_000_000_000) < HOUR
  );
  ok(dated.length > 6, `${dated.length} of ${samples.length}`);
  await it.stop();
});

Deno.test("the owner can send the device to another server, and only the owner", async () => {
  const it = new AgentUnderTest().withToken();
  await it.start();
  await it.until("accepted", MINUTE);
  const other = new ScriptedServer(it.ports);
  it.ports.network.answering = other.answering;
  await it.ports.clock.advance(HOUR);
  equal(other.devices.size, 0);
  it.config = { ...it.config, token: null };
  await it.direct({ forget: true, token: other.makeToken(), server: SERVER_URL });
  await it.untilTrue(() => other.devices.size === 1, 5 * MINUTE);
  await it.until("accepted", MINUTE);
  await it.ports.clock.advance(MINUTE);
  deepEqual(
    new TextDecoder().decode((await it.ports.disk.read("/state/directions.json"))!).includes(
      "forget",
    ),
    false,
  );
  await it.stop();
});

Deno.test("a provisioned device goes to its server by the bundle's key and token, without asking for a hello", async () => {
  const it = new AgentUnderTest();
  it.config = { ...it.config, server: null };
  const { id, secret } = parseToken(it.server.makeToken());
  const bundle = bundleCodec.encode({
    v: 0,
    fleetId: it.server.fleetId,
    deviceId: new Uint8Array(16).fill(5),
    serverKey: it.server.keyPair.publicKey,
    urls: [SERVER_URL],
    token: Uint8Array.from([...id, ...secret]),
  });
  await it.ports.disk.replace("/state/bundle.cbor", bundle);
  await it.start();
  await it.until("accepted", MINUTE);
  equal(it.ports.network.requests.filter(({ url }) => url.endsWith("/hello")).length, 0);
  deepEqual(it.server.device.requests[0]!.deviceId, new Uint8Array(16).fill(5));
  ok(it.said("trust=bundle"));
  await it.stop();
});

Deno.test("an invitation is an address for a device without a server, and nothing to one that has one", async () => {
  const it = new AgentUnderTest();
  it.config = { ...it.config, server: null };
  await it.start();
  const { invite } = it.agent!.rpcSource();
  equal(invite({ url: SERVER_URL, fingerprint: "" }), true);
  await it.until("pending", MINUTE);
  equal(invite({ url: "http://192.0.2.66", fingerprint: "" }), false);
  await it.ports.clock.advance(HOUR);
  deepEqual(it.ports.network.requests.filter(({ url }) => url.includes("192.0.2.66")), []);
  await it.stop();
});

Deno.test("the network sees model, version, handle and state, the server's fingerprint once enrolled, and a goodbye", async () => {
  const it = new AgentUnderTest();
  it.config = { ...it.config, name: "secret-name" };
  await it.start();
  await it.agent!.announce(7400);
  const [shown] = [...it.ports.network.shown];
  const { handle } = it.agent!.stored.identity;
  deepEqual([shown!.txt.state, shown!.txt.h, shown!.txt.fp], ["unenrolled", handle, undefined]);
  await it.until("pending", MINUTE);
  deepEqual([shown!.txt.state, shown!.txt.fp], ["pending", it.server.service().txt.fp]);
  it.server.setState(DeviceStateCode.active);
  await it.until("accepted", MINUTE);
  equal(shown!.txt.state, "accepted");
  ok(!JSON.stringify(shown).includes("secret-name"));
  await it.stop();
  equal(it.ports.network.shown.size, 0);
});

Deno.test("a request whose answer was lost is repeated byte for byte, so that the server goes on where it was", async () => {
  const it = new AgentUnderTest().withToken();
  await it.start();
  await it.until("accepted", MINUTE);
  await it.ports.clock.advance(MINUTE);
  let lost = 0;
  it.ports.network.forecast = () => lost++ === 0 ? "lost_answer" : "fine";
  await it.ports.clock.advance(3 * MINUTE);
  const bodies = it.ports.network.requests.map(({ body }) => String(body));
  ok(bodies.length > new Set(bodies).size, "one body went twice");
  deepEqual(it.server.breaches, []);
  await it.stop();
});
