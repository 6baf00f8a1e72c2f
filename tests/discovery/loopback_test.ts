/**
 * Discovery with real sockets on the loopback interface of this machine. Each test has a service type
 * of its own, so that nothing else on the machine disturbs it.
 *
 * @module
 */
import { deepEqual, equal, match, ok, rejects, throws } from "node:assert/strict";
import { createSocket } from "node:dgram";
import {
  announce,
  announceAgent,
  type AnnouncedService,
  announceServer,
  browse,
  type BrowseEvent,
  browseServiceTypes,
  discoveryCounters,
  findServers,
  parseAgentTxt,
  type ServerEvent,
} from "@fleetd/firmware-protocol";
import { eventually, LabProcess } from "./netns.ts";

const PROGRAM = new URL("./discovery_process.ts", import.meta.url).pathname;

function service(more: Partial<AnnouncedService> = {}): AnnouncedService {
  const random = crypto.randomUUID().replaceAll("-", "").slice(0, 8);
  return {
    type: `_t${random}._tcp`,
    instance: `Test ${random}`,
    port: 7400,
    txt: { v: "1.0" },
    bindAddress: "127.0.0.1",
    ...more,
  };
}

/** Collects events until it is stopped. */
function collect<T>(start: (signal: AbortSignal) => AsyncIterable<T>) {
  const stopping = new AbortController();
  const events: T[] = [];
  const reading = (async () => {
    for await (const event of start(stopping.signal)) events.push(event);
  })();
  return {
    events,
    until: (matches: (event: T) => boolean) =>
      eventually(() => events.find(matches), { describe: () => JSON.stringify(events) }),
    async stop() {
      stopping.abort();
      await reading;
    },
  };
}

function browseFor(type: string) {
  return collect<BrowseEvent>((signal) => browse({ types: [type], signal }));
}

function startProcess(...args: string[]): LabProcess {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--cached-only", PROGRAM, ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  return new LabProcess(child);
}

Deno.test("a service on loopback comes, changes and goes", async () => {
  const wanted = service({ instance: "Küche. 2.4 GHz" });
  const browsing = browseFor(wanted.type);
  const announcement = await announce(wanted);
  const { service: found } = await browsing.until(({ kind }) => kind === "up");
  deepEqual(found, {
    type: wanted.type,
    instance: "Küche. 2.4 GHz",
    host: "kuche-2-4-ghz.local",
    port: 7400,
    addresses: ["127.0.0.1"],
    txt: { v: "1.0" },
    interfaceName: found.interfaceName,
  });
  match(found.interfaceName, /^lo/);
  announcement.updateTxt({ v: "1.1" });
  await browsing.until(({ kind, service }) => kind === "changed" && service.txt["v"] === "1.1");
  await announcement.close();
  await browsing.until(({ kind }) => kind === "down");
  await browsing.stop();
  equal(await discoveryCounters(), undefined, "the sockets are closed with their last user");
});

Deno.test("a browser that starts later hears at once of what is there", async () => {
  const wanted = service();
  const announcement = await announce(wanted);
  const browsing = browseFor(wanted.type);
  await browsing.until(({ kind }) => kind === "up");
  await browsing.stop();
  await announcement.close();
});

Deno.test("without loopback a service of loopback is not seen", async () => {
  const wanted = service();
  const announcement = await announce(wanted);
  const outside = collect<BrowseEvent>((signal) =>
    browse({ types: [wanted.type], signal, loopback: false })
  );
  const inside = browseFor(wanted.type);
  await inside.until(({ kind }) => kind === "up");
  await announcement.close();
  await inside.until(({ kind }) => kind === "down");
  await Promise.all([inside.stop(), outside.stop()]);
  deepEqual(outside.events, []);
});

Deno.test("a name that another process holds is counted up, and free again after its goodbye", async () => {
  const wanted = service({ instance: "same" });
  const other = startProcess("announce", JSON.stringify(wanted));
  await other.line((line) => line === "announced same");
  const renamed: string[] = [];
  const announcement = await announce({ ...wanted, port: 7401 }, {
    onRename: (instance) => renamed.push(instance),
  });
  equal(announcement.instance, "same (2)");
  deepEqual(renamed, ["same (2)"]);
  const browsing = browseFor(wanted.type);
  await browsing.until(({ service }) => service.instance === "same" && service.port === 7400);
  await browsing.until(({ service }) => service.instance === "same (2)" && service.port === 7401);
  await other.stop("SIGTERM");
  await browsing.until(({ kind, service }) => kind === "down" && service.instance === "same");
  await announcement.close();
  await browsing.stop();
});

Deno.test("a process that is killed is gone when its records end", async () => {
  const wanted = service();
  const browsing = browseFor(wanted.type);
  const other = startProcess("announce", JSON.stringify({ ...wanted, ttlS: 3 }));
  await browsing.until(({ kind }) => kind === "up");
  await other.stop("SIGKILL");
  await browsing.until(({ kind }) => kind === "down");
  await browsing.stop();
});

Deno.test("the list of service types has what is announced", async () => {
  const wanted = service();
  const listing = collect<string>((signal) => browseServiceTypes({ signal }));
  const announcement = await announce(wanted);
  await listing.until((type) => type === wanted.type);
  equal(listing.events.filter((type) => type === wanted.type).length, 1);
  await listing.stop();
  await announcement.close();
});

Deno.test("FleetD's programs find each other: two servers are two, an agent shows its state", async () => {
  const fp = (letter: string) => `test${crypto.randomUUID().slice(0, 8)}${letter}`.padEnd(16, "a");
  const [first, second] = [fp("b"), fp("c")];
  const finding = collect<ServerEvent>((signal) => findServers({ signal }));
  const bindAddress = "127.0.0.1";
  const servers = await Promise.all([
    announceServer({ port: 8080, name: "Home", txt: { v: "1.0", fp: first }, bindAddress }),
    announceServer({ port: 8081, name: "Home", txt: { v: "1.0", fp: second }, bindAddress }),
  ]);
  for (
    const [prefix, url] of [[first, "http://127.0.0.1:8080"], [second, "http://127.0.0.1:8081"]]
  ) {
    const { kind, server } = await finding.until((event) =>
      event.server.fingerprintPrefix === prefix
    );
    deepEqual([kind, server.urls], ["up", [url]]);
  }
  const handle = `test-${crypto.randomUUID().slice(0, 4)}-9xwa-b3ne`;
  const browsing = browseFor("_fleetd._tcp");
  const txt = { v: "1.0", model: "Raspberry Pi 5", ver: "0.1.0", state: "unenrolled", h: handle };
  const agent = await announceAgent({ port: 7400, txt, bindAddress });
  const { service } = await browsing.until((event) => event.service.instance === handle);
  deepEqual(parseAgentTxt(service.txt), txt);
  await Promise.all([agent.close(), ...servers.map((server) => server.close())]);
  await Promise.all([finding.stop(), browsing.stop()]);
});

Deno.test("hostile packets on the group change nothing and are counted", async () => {
  const wanted = service();
  const browsing = browseFor(wanted.type);
  const announcement = await announce(wanted);
  await browsing.until(({ kind }) => kind === "up");
  const socket = createSocket({ type: "udp4", reuseAddr: true });
  await new Promise<void>((resolve) => socket.bind(0, resolve));
  socket.setMulticastInterface("127.0.0.1");
  const before = (await discoveryCounters())!.malformed;
  for (const bytes of [[], [0xff], [0, 0, 0x84, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0, 0xc0, 12]]) {
    socket.send(Uint8Array.from(bytes), 5353, "224.0.0.251");
  }
  await eventually(async () => (await discoveryCounters())!.malformed >= before + 2);
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  await announcement.close();
  await browsing.until(({ kind }) => kind === "down");
  equal(browsing.events.length, 2);
  await browsing.stop();
});

Deno.test("a plain DNS client that asks the group gets a unicast answer", async () => {
  const wanted = service();
  const announcement = await announce(wanted);
  const socket = createSocket({ type: "udp4", reuseAddr: true });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  socket.setMulticastInterface("127.0.0.1");
  const answered = new Promise<Uint8Array>((resolve) => socket.once("message", resolve));
  const labels = [...wanted.type.split("."), "local"]
    .flatMap((label) => [label.length, ...new TextEncoder().encode(label)]);
  const query = Uint8Array.from([
    0x12,
    0x34,
    1,
    0,
    0,
    1,
    0,
    0,
    0,
    0,
    0,
    0,
    ...labels,
    0,
    0,
    12,
    0,
    1,
  ]);
  socket.send(query, 5353, "224.0.0.251");
  const answer = await answered;
  deepEqual([...answer.subarray(0, 8)], [0x12, 0x34, 0x84, 0, 0, 1, 0, 1]);
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  await announcement.close();
});

Deno.test("closing twice says goodbye once, and what cannot be announced is refused", async () => {
  const announcement = await announce(service());
  await Promise.all([announcement.close(), announcement.close()]);
  await rejects(announce(service({ port: 0 })), RangeError);
  await rejects(announce(service({ instance: "x".repeat(64) })), RangeError);
  throws(() => browse({ types: ["http"], signal: AbortSignal.abort() }), RangeError);
  equal(await discoveryCounters(), undefined);
});

Deno.test("a signal that is aborted already ends the browsing before it begins", async () => {
  for await (const _ of browse({ types: ["_x._tcp"], signal: AbortSignal.abort() })) ok(false);
});
