/**
 * Browsing on a simulated network: cache, refreshes, goodbyes, hostile neighbours.
 *
 * @module
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import { type DnsRecord, RecordType } from "./dns_message.ts";
import { SimulatedClock, SimulatedHost, SimulatedSegment } from "./simulated_network_test.ts";
import { LatestQueue } from "./latest_queue.ts";
import { mergeEvents } from "./service_browser.ts";
import type { BrowseEvent } from "./found_service.ts";

async function pair(options: { ttlS?: number } = {}) {
  const clock = new SimulatedClock();
  const lan = new SimulatedSegment(clock);
  const watcher = await SimulatedHost.start({ clock, seed: 2 }, {
    eth0: { on: lan, addresses: ["10.0.0.2"] },
  });
  const browser = watcher.browse("_fleetd._tcp");
  const host = await SimulatedHost.start({ clock }, {
    eth0: { on: lan, addresses: ["10.0.0.1", "fe80::1", "fd00::1", "169.254.7.7"] },
  });
  const announcing = host.announce(
    { instance: "one", host: "box", txt: { V: "1", model: "Pi 5" } },
    options,
  );
  await clock.advance(3000);
  return { clock, lan, watcher, browser, host, announcement: await announcing };
}

function record(name: string, data: DnsRecord["data"], more: Partial<DnsRecord> = {}): DnsRecord {
  return { name, flush: data.type !== "PTR", ttlS: 120, data, ...more };
}

/** Records of a stranger's service. */
function stranger(label: string, options: { address?: string; ttlS?: number } = {}): DnsRecord[] {
  const { address = "10.0.0.50", ttlS = 120 } = options;
  const name = `${label}._fleetd._tcp.local`;
  const srv = {
    type: "SRV",
    priority: 0,
    weight: 0,
    port: 7400,
    target: `${label}.local`,
  } as const;
  return [
    record("_fleetd._tcp.local", { type: "PTR", target: name }, { ttlS }),
    record(name, srv, { ttlS }),
    record(name, { type: "TXT", strings: [] }, { ttlS }),
    record(`${label}.local`, { type: "A", address }, { ttlS }),
  ];
}

Deno.test("a service is found with its host, port, texts and addresses, best first", async () => {
  const { watcher } = await pair();
  deepEqual(watcher.browsed, [{
    kind: "up",
    service: {
      type: "_fleetd._tcp",
      instance: "one",
      host: "box.local",
      port: 7400,
      addresses: ["10.0.0.1", "fd00::1", "169.254.7.7", "fe80::1%eth0"],
      txt: { v: "1", model: "Pi 5" },
      interfaceName: "eth0",
    },
  }]);
});

Deno.test("a program finds its own services too, also those announced long ago", async () => {
  const { clock, host } = await pair();
  await clock.advance(20_000);
  host.browse("_fleetd._tcp");
  await clock.advance(500);
  deepEqual(host.told, ["up one"]);
});

Deno.test("an instance name with dots, spaces and letters of any script stays one name", async () => {
  const { clock, watcher, host } = await pair();
  host.announce({ instance: "Küche. 2.4 GHz \\ 客厅" });
  await clock.advance(3000);
  equal(watcher.told.at(-1), "up Küche. 2.4 GHz \\ 客厅");
});

Deno.test("a goodbye is believed after one second", async () => {
  const { clock, watcher, announcement } = await pair();
  announcement.close();
  await clock.advance(900);
  deepEqual(watcher.told, ["up one"]);
  await clock.advance(300);
  deepEqual(watcher.told, ["up one", "down one"]);
});

Deno.test("a host that dies without a word is gone when its records end", async () => {
  const { clock, lan, watcher, host } = await pair({ ttlS: 10 });
  host.die();
  const diedMs = clock.nowMs();
  await clock.advance(6000);
  deepEqual(watcher.told, ["up one"]);
  await clock.advance(5000);
  deepEqual(watcher.told, ["up one", "down one"]);
  const asked = lan.seen.filter((packet) => packet.from === "10.0.0.2" && packet.atMs > diedMs);
  const pointer = asked.filter(({ message }) =>
    message.questions.some((question) => question.type === RecordType.PTR)
  );
  // Heard last at about 2.1 s: asked again at 80, 85, 90 and 95 % of 10 s (and by the back-off).
  const refreshes = pointer.filter(({ atMs }) => atMs > 9900);
  ok(refreshes.length >= 4, `${refreshes.length} questions before the end`);
});

Deno.test("a host that lives is asked before its records end and never lost", async () => {
  const { clock, lan, watcher } = await pair({ ttlS: 10 });
  const questionsBefore = lan.seen.length;
  await clock.advance(600_000);
  deepEqual(watcher.told, ["up one"]);
  const packets = lan.seen.length - questionsBefore;
  ok(packets < 600, `${packets} packets in 60 lives of 10 s`);
});

Deno.test("questions are asked after 1, 2, 4, … seconds, at last once an hour", async () => {
  const clock = new SimulatedClock();
  const lan = new SimulatedSegment(clock);
  const links = { eth0: { on: lan, addresses: ["10.0.0.2"] } };
  const watcher = await SimulatedHost.start({ clock }, links);
  watcher.browse("_fleetd._tcp");
  await clock.advance(5 * 3600_000);
  const atS = lan.seen.map((packet) => packet.atMs / 1000);
  ok(atS[0]! >= 0.02 && atS[0]! <= 0.12);
  const gaps = atS.slice(1).map((at, i) => Math.round(at - atS[i]!));
  deepEqual(gaps.slice(0, 12), [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048]);
  deepEqual(new Set(gaps.slice(12)), new Set([3600]));
});

Deno.test("known answers go with the question while they have half their life", async () => {
  const { clock, lan } = await pair();
  await clock.advance(20_000);
  const asked = lan.seen.filter(({ message, atMs }) =>
    atMs > 3000 && message.questions.some((question) => question.type === RecordType.PTR)
  );
  ok(asked.length > 0);
  for (const { message, atMs } of asked) {
    const [known] = message.answers;
    equal(known?.data.type, "PTR");
    equal(known?.flush, false);
    ok(Math.abs(known!.ttlS - (120 - (atMs - 2000) / 1000)) < 3, `${known!.ttlS} s at ${atMs}`);
  }
});

Deno.test("a question another host has just asked is not asked again", async () => {
  const clock = new SimulatedClock();
  const lan = new SimulatedSegment(clock);
  const links = { eth0: { on: lan, addresses: ["10.0.0.2"] } };
  const watcher = await SimulatedHost.start({ clock }, links);
  watcher.browse("_fleetd._tcp");
  await clock.advance(2900);
  const before = lan.seen.length;
  lan.inject({ questions: [{ name: "_fleetd._tcp.local", type: RecordType.PTR, unicast: false }] });
  await clock.advance(600);
  equal(lan.seen.length, before);
  await clock.advance(10_000);
  ok(lan.seen.length > before);
});

Deno.test("what is missing of a service is asked for, until it comes", async () => {
  const { clock, lan, watcher } = await pair();
  const [pointer, srv, txt, address] = stranger("slow");
  lan.inject({ response: true, answers: [pointer!] });
  await clock.advance(1200);
  const asked = (type: number) =>
    lan.seen.filter((packet) =>
      packet.message.questions.some((q) => q.type === type && q.name.startsWith("slow"))
    ).length;
  deepEqual([asked(RecordType.SRV), asked(RecordType.TXT), asked(RecordType.A)], [2, 2, 0]);
  lan.inject({ response: true, answers: [srv!, txt!] });
  await clock.advance(50);
  deepEqual([asked(RecordType.SRV), asked(RecordType.A), asked(RecordType.AAAA)], [2, 1, 1]);
  lan.inject({ response: true, answers: [address!] });
  await clock.advance(50);
  equal(watcher.told.at(-1), "up slow");
  const total = lan.seen.length;
  await clock.advance(900);
  equal(lan.seen.length, total, "nothing is missing any more");
});

Deno.test("a service without a TXT record is found all the same", async () => {
  const { clock, lan, watcher } = await pair();
  lan.inject({
    response: true,
    answers: stranger("bare").filter((item) => item.data.type !== "TXT"),
  });
  await clock.advance(10_000);
  equal(watcher.told.at(-1), "up bare");
});

Deno.test("the flush bit replaces what was said more than a second ago", async () => {
  const { clock, lan, watcher } = await pair();
  lan.inject({ response: true, answers: stranger("x", { address: "10.0.0.50" }) });
  await clock.advance(2000);
  lan.inject({ response: true, answers: stranger("x", { address: "10.0.0.51" }) });
  lan.inject({ response: true, answers: stranger("x", { address: "10.0.0.52" }) });
  await clock.advance(2000);
  deepEqual(watcher.browsed.at(-1)?.service.addresses, ["10.0.0.51", "10.0.0.52"]);
  deepEqual(watcher.told, ["up one", "up x", "changed x", "changed x"]);
});

Deno.test("one service on two links is one service, with the addresses of both", async () => {
  const clock = new SimulatedClock();
  const [a, b] = [new SimulatedSegment(clock), new SimulatedSegment(clock)];
  const links = (n: number) => ({
    eth0: { on: a, addresses: [`10.0.0.${n}`] },
    eth1: { on: b, addresses: [`10.1.0.${n}`] },
  });
  const watcher = await SimulatedHost.start({ clock, seed: 2 }, links(2));
  watcher.browse("_fleetd._tcp");
  const host = await SimulatedHost.start({ clock }, links(1));
  host.announce({ instance: "one" });
  await clock.advance(4000);
  deepEqual(watcher.browsed.at(-1)?.service.addresses, ["10.0.0.1", "10.1.0.1"]);
  host.unplug("eth0");
  watcher.unplug("eth0");
  await clock.advance(1000);
  deepEqual(watcher.browsed.at(-1)?.service.addresses, ["10.1.0.1"]);
  equal(watcher.browsed.at(-1)?.service.interfaceName, "eth1");
  watcher.unplug("eth1");
  await clock.advance(1000);
  deepEqual(watcher.told.filter((line) => !line.startsWith("changed")), ["up one", "down one"]);
});

Deno.test("an address that cannot be right is not believed", async () => {
  const { clock, lan, watcher } = await pair();
  for (const address of ["127.0.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255"]) {
    lan.inject({ response: true, answers: stranger(`h${address.length}`, { address }) });
  }
  await clock.advance(2000);
  deepEqual(watcher.told, ["up one"]);
});

Deno.test("texts of strangers are printable: no control characters, no bidi, no lines", async () => {
  const { clock, lan, watcher } = await pair();
  const [pointer, srv, , address] = stranger("evil\\027[2J\\010name");
  const strings = ["Model=a\u001b[31m\nb\u202e", "=x", "fp", "fp=2"].map((text) =>
    new TextEncoder().encode(text)
  );
  const name = pointer!.data.type === "PTR" ? pointer!.data.target : "";
  const txt = record(name, { type: "TXT", strings: [...strings, Uint8Array.of(0x6b, 0x3d, 0xff)] });
  lan.inject({ response: true, answers: [pointer!, srv!, txt, address!] });
  await clock.advance(2000);
  const service = watcher.browsed.at(-1)!.service;
  equal(service.instance, "evil\ufffd[2J\ufffdname");
  deepEqual(service.txt, { model: "a\ufffd[31m\ufffdb\ufffd", fp: "", k: "\ufffd" });
});

Deno.test("a flood of invented services is bounded, and so is what we send because of it", async () => {
  const { clock, lan, watcher } = await pair();
  const before = lan.seen.length;
  for (let i = 0; i < 5000; i++) {
    lan.inject({ response: true, answers: stranger(`fake-${i}`, { ttlS: 0x7fffffff }) });
    if (i % 100 === 0) await clock.advance(10);
  }
  await clock.advance(5000);
  ok(watcher.browsed.length <= 1024, `${watcher.browsed.length} services`);
  const sent = lan.seen.length - before;
  ok(sent < 200, `${sent} packets`);
  equal(watcher.told[0], "up one");
});

Deno.test("no record is believed for longer than 75 minutes, whatever it claims", async () => {
  const { clock, lan, watcher } = await pair();
  lan.inject({ response: true, answers: stranger("eternal", { ttlS: 0x7fffffff }) });
  await clock.advance(4400_000);
  deepEqual(watcher.told, ["up one", "up eternal"]);
  await clock.advance(200_000);
  deepEqual(watcher.told, ["up one", "up eternal", "down eternal"]);
});

Deno.test("records nobody asked for are not kept", async () => {
  const { clock, lan, watcher, browser } = await pair();
  const answers = [
    record("_http._tcp.local", { type: "PTR", target: "x._http._tcp.local" }),
    record("_fleetd._tcp.local", { type: "PTR", target: "x._http._tcp.local" }),
    record("nobody.local", { type: "A", address: "10.0.0.9" }),
  ];
  lan.inject({ response: true, answers });
  await clock.advance(100);
  deepEqual(watcher.told, ["up one"]);
  browser.stop();
});

Deno.test("malformed packets are counted and change nothing; so are answers from other ports", async () => {
  const { clock, lan, watcher } = await pair();
  lan.inject(Uint8Array.of(1, 2, 3));
  lan.inject(Uint8Array.from([0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0xc0, 0x0c]));
  lan.inject({ response: true, answers: stranger("x") }, { port: 40_000 });
  await clock.advance(1000);
  equal(watcher.engine.counters.malformed, 2);
  equal(watcher.engine.counters.refused, 1);
  deepEqual(watcher.told, ["up one"]);
});

Deno.test("after all is closed no timer is left", async () => {
  const { clock, watcher, browser, host, announcement } = await pair();
  announcement.close();
  watcher.engine.removeWatcher(browser);
  await clock.advance(200);
  await host.engine.close();
  await watcher.engine.close();
  await clock.advance(10);
  equal(clock.pending, 0);
});

Deno.test("a slow reader gets the latest state of each service, not its history", async () => {
  const queue = new LatestQueue<BrowseEvent>(mergeEvents);
  const service = (port: number) => ({ port }) as BrowseEvent["service"];
  queue.push("a", { kind: "up", service: service(1) });
  queue.push("a", { kind: "changed", service: service(2) });
  queue.push("b", { kind: "up", service: service(3) });
  queue.push("b", { kind: "down", service: service(3) });
  queue.push("c", { kind: "down", service: service(4) });
  queue.push("c", { kind: "up", service: service(5) });
  const read = queue.read();
  deepEqual((await read.next()).value, { kind: "up", service: { port: 2 } });
  deepEqual((await read.next()).value, { kind: "changed", service: { port: 5 } });
  const waiting = read.next();
  queue.close();
  equal((await waiting).done, true);
});
