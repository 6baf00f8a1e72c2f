/**
 * Probing, conflicts, announcements and goodbyes on a simulated network (RFC 6762 §8-§10).
 *
 * @module
 */
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import type { Announcement } from "./announced_service.ts";
import type { DnsRecord } from "./dns_message.ts";
import { SimulatedClock, SimulatedHost, SimulatedSegment } from "./simulated_network_test.ts";
import { compareProposals } from "./tie_break.ts";

const LAN = { a: "10.0.0.1", b: "10.0.0.2" };

function network() {
  const clock = new SimulatedClock();
  return { clock, lan: new SimulatedSegment(clock), other: new SimulatedSegment(clock) };
}

function isProbe(packet: { message: { authorities: readonly DnsRecord[] } }): boolean {
  return packet.message.authorities.length > 0;
}

function instancesSaid(records: readonly DnsRecord[]): Set<string> {
  return new Set(records.map((record) => record.name));
}

Deno.test("a name is probed three times 250 ms apart, then announced twice a second apart", async () => {
  const { clock, lan } = network();
  const host = await SimulatedHost.start({ clock }, { eth0: { on: lan, addresses: [LAN.a] } });
  const announcing = host.announce({ instance: "one" });
  await clock.advance(5000);
  equal((await announcing).instance, "one");
  const probes = lan.seen.filter(isProbe).map((packet) => packet.atMs);
  equal(probes.length, 3);
  ok(probes[0]! < 250);
  deepEqual([probes[1]! - probes[0]!, probes[2]! - probes[1]!], [250, 250]);
  const told = lan.said("SRV").map((record) => record.atMs);
  deepEqual([told[0]! - probes[2]!, told[1]! - told[0]!, told.length], [250, 1000, 2]);
});

Deno.test("only records that are ours alone carry the cache-flush bit, and no probe does", async () => {
  const { clock, lan } = network();
  const host = await SimulatedHost.start({ clock }, { eth0: { on: lan, addresses: [LAN.a] } });
  host.announce({ instance: "one" });
  await clock.advance(3000);
  for (const { message } of lan.seen) {
    for (const record of message.authorities) equal(record.flush, false);
    for (const record of [...message.answers, ...message.additionals]) {
      equal(record.flush, record.data.type !== "PTR", record.name);
    }
  }
});

Deno.test("a name another host holds is left to it: instance and host are counted up", async () => {
  const { clock, lan } = network();
  const first = await SimulatedHost.start({ clock }, { eth0: { on: lan, addresses: [LAN.a] } });
  first.announce({ instance: "same", host: "box" });
  await clock.advance(3000);
  const second = await SimulatedHost.start({ clock, seed: 2 }, {
    eth0: { on: lan, addresses: [LAN.b] },
  });
  const renamed: string[] = [];
  const announcing = second.announce({ instance: "same", host: "box", port: 7401 }, {
    onRename: (name) => renamed.push(name),
  });
  const sinceMs = clock.nowMs();
  await clock.advance(5000);
  equal((await announcing).instance, "same (2)");
  deepEqual(renamed, ["same (2)"]);
  const hosts = lan.said("A", sinceMs);
  deepEqual(
    new Set(hosts.map(({ name, data }) => `${name} ${"address" in data && data.address}`)),
    new Set(["box.local 10.0.0.1", "box-2.local 10.0.0.2"]),
  );
  equal(second.log.length, 1);
});

Deno.test("of two hosts that probe at once the one with the greater records keeps the name", async () => {
  const { clock, lan } = network();
  const names: string[] = [];
  for (const [seed, address] of [[1, LAN.a], [2, LAN.b]] as const) {
    const host = await SimulatedHost.start({ clock, seed }, {
      eth0: { on: lan, addresses: [address] },
    });
    // Other data of SRV decides: the greater port wins.
    host.announce({ instance: "same", host: `box${seed}`, port: 7400 + seed })
      .then((announcement: Announcement) => names[seed] = announcement.instance);
  }
  await clock.advance(10_000);
  deepEqual(names.slice(1), ["same (2)", "same"]);
});

Deno.test("two hosts that probe with the same records do not yield to each other", async () => {
  const { clock, lan } = network();
  const hosts = [];
  for (const seed of [1, 2]) {
    const host = await SimulatedHost.start({ clock, seed }, {
      eth0: { on: lan, addresses: [LAN.a] },
    });
    hosts.push(host.announce({ instance: "same" }));
  }
  await clock.advance(5000);
  deepEqual((await Promise.all(hosts)).map((announcement) => announcement.instance), [
    "same",
    "same",
  ]);
});

Deno.test("tie-break: the example of RFC 6762 §8.2.1", () => {
  const a = (address: string): DnsRecord => (
    { name: "x.local", flush: false, ttlS: 120, data: { type: "A", address } }
  );
  ok(compareProposals([a("169.254.200.50")], [a("169.254.99.200")]) > 0);
  ok(compareProposals([a("169.254.99.200")], [a("169.254.200.50")]) < 0);
  equal(compareProposals([a("10.0.0.1")], [a("10.0.0.1")]), 0);
  ok(compareProposals([a("10.0.0.1"), a("10.0.0.2")], [a("10.0.0.1")]) > 0);
  const target = (target: string): DnsRecord => ({ ...a(""), data: { type: "PTR", target } });
  const bytes = (...bytes: number[]): DnsRecord => (
    { ...a(""), data: { type: "OTHER", code: 13, bytes: Uint8Array.from(bytes) } }
  );
  ok(compareProposals([bytes(1, 2, 0)], [bytes(1, 2)]) > 0, "of equal beginnings the longer");
  ok(compareProposals([bytes(0)], [target("z")]) > 0, "types before data");
});

Deno.test("when two networks are joined, one of two hosts of the same name takes another", async () => {
  const { clock, lan, other } = network();
  const one = await SimulatedHost.start({ clock }, { eth0: { on: lan, addresses: [LAN.a] } });
  const two = await SimulatedHost.start({ clock, seed: 2 }, {
    eth0: { on: other, addresses: [LAN.b] },
  });
  const announcing = [
    one.announce({ instance: "same", host: "box1" }),
    two.announce({ instance: "same", host: "box2" }),
  ];
  await clock.advance(4000);
  const announcements = await Promise.all(announcing);
  two.die();
  two.links.get("eth0")!.segment = lan;
  lan.ports.add(two.links.get("eth0")!);
  // Any answer of one is heard by the other.
  lan.inject({ questions: [{ name: "_fleetd._tcp.local", type: 12, unicast: false }] });
  await clock.advance(20_000);
  const names = announcements.map((announcement) => announcement.instance);
  deepEqual(names.toSorted(), ["same", "same (2)"]);
});

Deno.test("our own packets that a bridge brings to our other link are no conflict", async () => {
  const { clock, lan } = network();
  const host = await SimulatedHost.start({ clock }, {
    eth0: { on: lan, addresses: [LAN.a] },
    wlan0: { on: lan, addresses: [LAN.b] },
  });
  const announcing = host.announce({ instance: "one", host: "box" });
  await clock.advance(3000);
  const announcement = await announcing;
  announcement.updateTxt({ v: "2" });
  await clock.advance(5000);
  equal(announcement.instance, "one");
  deepEqual(host.log, []);
  deepEqual(instancesSaid(lan.said("A")), new Set(["box.local"]));
});

Deno.test("a neighbour that claims every name cannot keep an announcement from returning", async () => {
  const { clock, lan } = network();
  const host = await SimulatedHost.start({ clock }, { eth0: { on: lan, addresses: [LAN.a] } });
  let announced = false;
  host.announce({ instance: "one" }).then(() => announced = true);
  let answered = 0;
  for (let i = 0; i < 600; i++) {
    await clock.advance(100);
    for (const { message } of lan.seen.filter(isProbe).slice(answered)) {
      answered++;
      const data = { type: "TXT", strings: [] } as const;
      const answers = message.questions.map(({ name }) => ({ name, flush: true, ttlS: 120, data }));
      lan.inject({ response: true, answers });
    }
  }
  ok(announced);
  const lastMinuteProbes = lan.seen.filter((packet) => isProbe(packet) && packet.atMs > 30_000);
  ok(lastMinuteProbes.length < 15, `${lastMinuteProbes.length} probes in 30 s of conflicts`);
});

Deno.test("a second service of this process with the same name is counted up at once", async () => {
  const { clock, lan } = network();
  const host = await SimulatedHost.start({ clock }, { eth0: { on: lan, addresses: [LAN.a] } });
  const announcing = [host.announce({ instance: "x" }), host.announce({ instance: "x" })];
  await clock.advance(3000);
  const names = (await Promise.all(announcing)).map((announcement) => announcement.instance);
  deepEqual(names, ["x", "x (2)"]);
});

Deno.test("closing takes all records back with TTL 0, but not the list of service types", async () => {
  const { clock, lan } = network();
  const host = await SimulatedHost.start({ clock }, { eth0: { on: lan, addresses: [LAN.a] } });
  const announcing = host.announce({ instance: "one", host: "box" });
  await clock.advance(3000);
  const sinceMs = clock.nowMs();
  const closing = (await announcing).close();
  await clock.advance(500);
  await closing;
  const last = lan.seen.filter((packet) => packet.atMs >= sinceMs)
    .flatMap((packet) => packet.message.answers);
  ok(last.every((record) => record.ttlS === 0));
  deepEqual(
    new Set(last.map((record) => `${record.name} ${record.data.type}`)),
    new Set([
      "_fleetd._tcp.local PTR",
      "one._fleetd._tcp.local SRV",
      "one._fleetd._tcp.local TXT",
      "box.local A",
    ]),
  );
});

Deno.test("what another service of this process still says is not taken back", async () => {
  const { clock, lan } = network();
  const host = await SimulatedHost.start({ clock }, { eth0: { on: lan, addresses: [LAN.a] } });
  const first = host.announce({ instance: "one", host: "box" });
  host.announce({ instance: "two", host: "box" });
  await clock.advance(3000);
  const sinceMs = clock.nowMs();
  (await first).close();
  await clock.advance(500);
  deepEqual(lan.said("A", sinceMs), []);
  equal(lan.said("SRV", sinceMs)[0]?.name, "one._fleetd._tcp.local");
});

Deno.test("each link gets its own addresses only, and loopback its own", async () => {
  const { clock, lan, other } = network();
  const lo = new SimulatedSegment(clock);
  const host = await SimulatedHost.start({ clock }, {
    lo: { on: lo, addresses: ["127.0.0.1", "::1"] },
    eth0: { on: lan, addresses: ["10.0.0.1", "fe80::1"] },
    eth1: { on: other, addresses: ["10.1.0.1"] },
  });
  host.announce({ instance: "one" });
  await clock.advance(3000);
  const addresses = (segment: SimulatedSegment) =>
    [...segment.said("A"), ...segment.said("AAAA")]
      .map(({ data }) => "address" in data ? data.address : "");
  deepEqual(new Set(addresses(lan)), new Set(["10.0.0.1", "fe80::1"]));
  deepEqual(new Set(addresses(other)), new Set(["10.1.0.1"]));
  deepEqual(new Set(addresses(lo)), new Set(["127.0.0.1", "::1"]));
});

for (
  const [bindAddress, expected] of [
    ["127.0.0.1", ["lo 127.0.0.1"]],
    ["::1", ["lo ::1"]],
    ["10.1.0.1", ["eth1 10.1.0.1"]],
    ["0.0.0.0", ["eth0 10.0.0.1", "eth1 10.1.0.1", "lo 127.0.0.1"]],
    ["::", ["eth0 10.0.0.1", "eth0 fd00::1", "eth1 10.1.0.1", "lo 127.0.0.1", "lo ::1"]],
    ["10.9.9.9", []],
  ] as const
) {
  Deno.test(`a service bound to ${bindAddress} is announced where it can be reached`, async () => {
    const { clock, lan, other } = network();
    const lo = new SimulatedSegment(clock);
    const host = await SimulatedHost.start({ clock }, {
      lo: { on: lo, addresses: ["127.0.0.1", "::1"] },
      eth0: { on: lan, addresses: ["10.0.0.1", "fd00::1"] },
      eth1: { on: other, addresses: ["10.1.0.1"] },
    });
    host.announce({ instance: "one", bindAddress });
    await clock.advance(3000);
    const told = Object.entries({ lo, eth0: lan, eth1: other }).flatMap(([name, segment]) =>
      [...segment.said("A"), ...segment.said("AAAA")]
        .map(({ data }) => `${name} ${"address" in data ? data.address : ""}`)
    );
    deepEqual([...new Set(told)].toSorted(), [...expected]);
  });
}

Deno.test("addresses of the network that the loopback interface has are not named anywhere", async () => {
  const { clock, lan } = network();
  const lo = new SimulatedSegment(clock);
  const host = await SimulatedHost.start({ clock }, {
    lo: { on: lo, addresses: ["127.0.0.1", "10.9.9.9"] },
    eth0: { on: lan, addresses: ["10.0.0.1", "127.0.0.5"] },
  });
  host.announce({ instance: "one" });
  await clock.advance(3000);
  const told = [lo, lan].map((
    segment,
  ) => [...new Set(segment.said("A").map(({ data }) => "address" in data ? data.address : ""))]);
  deepEqual(told, [["127.0.0.1"], ["10.0.0.1"]]);
});

Deno.test("a name that is not yet proven to be ours is not answered for", async () => {
  const { clock, lan } = network();
  const host = await SimulatedHost.start({ clock }, { eth0: { on: lan, addresses: [LAN.a] } });
  host.announce({ instance: "one", host: "box" });
  await clock.advance(400);
  lan.inject({ questions: [{ name: "box.local", type: 1, unicast: false }] });
  await clock.advance(200);
  deepEqual(lan.said("A"), []);
});

Deno.test("a link that comes later is probed and told", async () => {
  const { clock, lan, other } = network();
  const host = await SimulatedHost.start({ clock }, { eth0: { on: lan, addresses: [LAN.a] } });
  host.announce({ instance: "one" });
  await clock.advance(5000);
  equal(other.seen.length, 0);
  host.plug("eth1", { on: other, addresses: ["10.1.0.1"] });
  await clock.advance(3000);
  equal(other.seen.filter(isProbe).length, 3);
  equal(other.said("SRV").length, 2);
});

Deno.test("with no link at all announcing returns at once, and speaks when there is one", async () => {
  const { clock, lan } = network();
  const host = await SimulatedHost.start({ clock }, {});
  const announcement = await host.announce({ instance: "one" });
  equal(announcement.instance, "one");
  host.plug("eth0", { on: lan, addresses: [LAN.a] });
  await clock.advance(3000);
  equal(lan.said("SRV").length, 2);
});

Deno.test("a new address replaces the old one in the caches of others", async () => {
  const { clock, lan } = network();
  const host = await SimulatedHost.start({ clock }, { eth0: { on: lan, addresses: [LAN.a] } });
  const watcher = await SimulatedHost.start({ clock, seed: 2 }, {
    eth0: { on: lan, addresses: [LAN.b] },
  });
  watcher.browse("_fleetd._tcp");
  host.announce({ instance: "one" });
  await clock.advance(4000);
  deepEqual(watcher.browsed.at(-1)?.service.addresses, ["10.0.0.1"]);
  host.readdress("eth0", ["10.0.0.7"]);
  await clock.advance(3000);
  deepEqual(watcher.browsed.at(-1)?.service.addresses, ["10.0.0.7"]);
  host.readdress("eth0", []);
  await clock.advance(3000);
  equal(watcher.told.at(-1), "down one");
});

Deno.test("a changed TXT record is told twice, at most once a second", async () => {
  const { clock, lan } = network();
  const host = await SimulatedHost.start({ clock }, { eth0: { on: lan, addresses: [LAN.a] } });
  const announcing = host.announce({ instance: "one", txt: { n: "0" } });
  await clock.advance(4000);
  const announcement = await announcing;
  const sinceMs = clock.nowMs();
  for (let n = 1; n <= 20; n++) {
    announcement.updateTxt({ n: String(n) });
    await clock.advance(50);
  }
  await clock.advance(5000);
  const said = lan.said("TXT", sinceMs);
  const values = said.map(({ data }) =>
    data.type === "TXT" ? new TextDecoder().decode(data.strings[0]) : ""
  );
  equal(values[0], "n=1");
  deepEqual(new Set(values.slice(1)), new Set(["n=20"]));
  equal(lan.said("SRV", sinceMs).length, 0, "what did not change is not said again");
  for (let i = 1; i < said.length; i++) ok(said[i]!.atMs - said[i - 1]!.atMs >= 1000);
});

Deno.test("a service that does not fit DNS-SD is refused with its reason", async () => {
  const { clock, lan } = network();
  const host = await SimulatedHost.start({ clock }, { eth0: { on: lan, addresses: [LAN.a] } });
  const refused = (service: Parameters<SimulatedHost["announce"]>[0]) =>
    rejects(host.announce(service), RangeError);
  await refused({ instance: "" });
  await refused({ instance: "x".repeat(64) });
  await refused({ instance: "x", type: "http" });
  await refused({ instance: "x", type: "_much_too_long_a_name._tcp" });
  await refused({ instance: "x", port: 0 });
  await refused({ instance: "x", port: 65536 });
  await refused({ instance: "x", host: "a.b" });
  await refused({ instance: "x", txt: { "a=b": "c" } });
  await refused({ instance: "x", txt: { key: "v".repeat(252) } });
  await clock.advance(2000);
  equal(lan.seen.length, 0);
});
