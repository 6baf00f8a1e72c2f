/**
 * Answering queries on a simulated network (RFC 6762 §5.4, §6, §7, §12).
 *
 * @module
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import { type DnsQuestion, type DnsRecord, RecordType } from "./dns_message.ts";
import {
  type SeenPacket,
  SimulatedClock,
  SimulatedHost,
  SimulatedSegment,
} from "./simulated_network_test.ts";

const PTR = question("_fleetd._tcp.local", RecordType.PTR);
const POINTER: DnsRecord = {
  name: "_fleetd._tcp.local",
  flush: false,
  ttlS: 120,
  data: { type: "PTR", target: "one._fleetd._tcp.local" },
};

function question(name: string, type: number, unicast = false): DnsQuestion {
  return { name, type, unicast };
}

/** A host that announced "one" on "box" long ago. */
async function announced() {
  const clock = new SimulatedClock();
  const lan = new SimulatedSegment(clock);
  const links = { eth0: { on: lan, addresses: ["10.0.0.1"] } };
  const host = await SimulatedHost.start({ clock }, links);
  const announcing = host.announce({ instance: "one", host: "box", txt: { v: "1" } });
  await clock.advance(10_000);
  lan.seen.length = 0;
  return { clock, lan, host, announcement: await announcing, startMs: clock.nowMs() };
}

function names(records: readonly DnsRecord[]): string[] {
  return records.map((record) => `${record.name} ${record.data.type}`);
}

function only(seen: readonly SeenPacket[]): SeenPacket {
  equal(seen.length, 1, `${seen.length} packets`);
  return seen[0]!;
}

Deno.test("a browse question is answered after 20-120 ms, with all that resolves it", async () => {
  const { clock, lan, startMs } = await announced();
  lan.inject({ questions: [PTR] });
  await clock.advance(1000);
  const packet = only(lan.seen);
  const delayMs = packet.atMs - startMs - 1;
  ok(delayMs >= 20 && delayMs <= 120, `${delayMs} ms`);
  equal(packet.to, undefined);
  deepEqual(names(packet.message.answers), ["_fleetd._tcp.local PTR"]);
  deepEqual(names(packet.message.additionals), [
    "one._fleetd._tcp.local SRV",
    "one._fleetd._tcp.local TXT",
    "box.local A",
    "box.local NSEC",
  ]);
});

Deno.test("a question for what is ours alone is answered at once", async () => {
  const { clock, lan, startMs } = await announced();
  lan.inject({ questions: [question("ONE._fleetd._TCP.local", RecordType.SRV)] });
  await clock.advance(1000);
  const packet = only(lan.seen);
  equal(packet.atMs - startMs, 1);
  deepEqual(names(packet.message.answers), ["one._fleetd._tcp.local SRV"]);
  deepEqual(names(packet.message.additionals), ["box.local A", "box.local NSEC"]);
});

Deno.test("ANY gives all records of the name", async () => {
  const { clock, lan } = await announced();
  lan.inject({ questions: [question("one._fleetd._tcp.local", RecordType.ANY)] });
  await clock.advance(1000);
  deepEqual(names(only(lan.seen).message.answers), [
    "one._fleetd._tcp.local SRV",
    "one._fleetd._tcp.local TXT",
  ]);
});

Deno.test("a type that a name of ours does not have is denied with the types there are", async () => {
  const { clock, lan } = await announced();
  lan.inject({ questions: [question("box.local", RecordType.AAAA)] });
  await clock.advance(1000);
  const [answer] = only(lan.seen).message.answers;
  deepEqual(answer?.data, { type: "NSEC", next: "box.local", types: [RecordType.A] });
  equal(answer?.flush, true);
});

Deno.test("the list of service types has our type", async () => {
  const { clock, lan } = await announced();
  lan.inject({ questions: [question("_services._dns-sd._udp.local", RecordType.PTR)] });
  await clock.advance(1000);
  const [answer] = only(lan.seen).message.answers;
  deepEqual(answer?.data, { type: "PTR", target: "_fleetd._tcp.local" });
});

Deno.test("questions for names of others are not answered", async () => {
  const { clock, lan } = await announced();
  lan.inject({
    questions: [
      question("two._fleetd._tcp.local", RecordType.SRV),
      question("_http._tcp.local", RecordType.PTR),
      question("other.local", RecordType.A),
    ],
  });
  await clock.advance(1000);
  equal(lan.seen.length, 0);
});

Deno.test("a known answer with half its life left is not given again, an older one is", async () => {
  const { clock, lan } = await announced();
  lan.inject({ questions: [PTR], answers: [{ ...POINTER, ttlS: 60 }] });
  await clock.advance(1000);
  equal(lan.seen.length, 0);
  lan.inject({ questions: [PTR], answers: [{ ...POINTER, ttlS: 59 }] });
  await clock.advance(1000);
  equal(lan.seen.length, 1);
});

Deno.test("known answers of several packets are waited for", async () => {
  const { clock, lan, startMs } = await announced();
  lan.inject({ questions: [PTR], truncated: true });
  await clock.advance(100);
  lan.inject({ answers: [POINTER] });
  await clock.advance(2000);
  equal(lan.seen.length, 0, "the second packet had the answer");
  lan.inject({ questions: [PTR], truncated: true });
  await clock.advance(2000);
  const delayMs = only(lan.seen).atMs - startMs - 2101;
  ok(delayMs >= 420 && delayMs <= 620, `${delayMs} ms`);
});

Deno.test("a set of two addresses is sent whole when one of them is not known", async () => {
  const { clock, lan, host } = await announced();
  host.readdress("eth0", ["10.0.0.1", "10.0.0.5"]);
  await clock.advance(5000);
  lan.seen.length = 0;
  const known: DnsRecord = {
    name: "box.local",
    flush: false,
    ttlS: 100,
    data: { type: "A", address: "10.0.0.1" },
  };
  lan.inject({ questions: [question("box.local", RecordType.A)], answers: [known] });
  await clock.advance(1000);
  equal(lan.said("A").length, 2);
});

Deno.test("a record is multicast at most once a second, whoever asks", async () => {
  const { clock, lan } = await announced();
  for (let i = 0; i < 100; i++) {
    lan.inject({ questions: [PTR, question("box.local", RecordType.A)] });
    await clock.advance(50);
  }
  await clock.advance(2000);
  for (const type of ["PTR", "A", "SRV"] as const) {
    const atMs = lan.said(type).map((record) => record.atMs);
    ok(atMs.length >= 3 && atMs.length <= 7, `${type} was sent ${atMs.length} times`);
    for (let i = 1; i < atMs.length; i++) ok(atMs[i]! - atMs[i - 1]! >= 1000);
  }
});

Deno.test("a probe for our name is answered at once, even if we have just spoken", async () => {
  const { clock, lan, startMs } = await announced();
  lan.inject({ questions: [question("box.local", RecordType.A)] });
  await clock.advance(300);
  const authorities = [{
    name: "box.local",
    flush: false,
    ttlS: 120,
    data: { type: "A", address: "10.0.0.9" } as const,
  }];
  lan.inject({ questions: [question("box.local", RecordType.ANY)], authorities });
  await clock.advance(100);
  deepEqual(lan.said("A").map((record) => record.atMs - startMs), [1, 301]);
});

Deno.test("who asks for a unicast answer gets it when all have heard the record lately", async () => {
  const { clock, lan, startMs } = await announced();
  lan.inject({ questions: [{ ...PTR, unicast: true }] });
  await clock.advance(1000);
  equal(only(lan.seen).to, "10.0.0.99 5353");
  ok(
    only(lan.seen).message.answers.every((record) => record.flush === (record.data.type !== "PTR")),
  );
  lan.seen.length = 0;
  await clock.advance(60_000);
  lan.inject({ questions: [{ ...PTR, unicast: true }] });
  await clock.advance(1000);
  equal(only(lan.seen).to, undefined, "heard too long ago: all are told");
  ok(startMs > 0);
});

Deno.test("a unicast question of a host that is not on the link is answered by multicast", async () => {
  const { clock, lan } = await announced();
  lan.inject({ questions: [{ ...PTR, unicast: true }] }, { address: "203.0.113.9", onLink: false });
  await clock.advance(1000);
  equal(only(lan.seen).to, undefined);
});

Deno.test("a plain DNS client gets its id and question back, short TTLs and no flush bit", async () => {
  const { clock, lan } = await announced();
  lan.inject({ id: 4711, questions: [PTR] }, { port: 40_000 });
  await clock.advance(1000);
  const packet = only(lan.seen);
  equal(packet.to, "10.0.0.99 40000");
  equal(packet.message.id, 4711);
  deepEqual(packet.message.questions, [PTR]);
  const records = [...packet.message.answers, ...packet.message.additionals];
  deepEqual(records.map((record) => [record.flush, record.ttlS]), Array(4).fill([false, 10]));
  lan.seen.length = 0;
  lan.inject({ id: 1, questions: [PTR] }, { port: 40_000, address: "203.0.113.9", onLink: false });
  await clock.advance(1000);
  equal(lan.seen.length, 0, "not on the link");
});

Deno.test("what another host has just said of the shared records is not said again", async () => {
  const { clock, lan } = await announced();
  const types = question("_services._dns-sd._udp.local", RecordType.PTR);
  lan.inject({ questions: [types] });
  await clock.advance(5);
  const answers: DnsRecord[] = [{
    name: types.name,
    flush: false,
    ttlS: 4500,
    data: { type: "PTR", target: "_fleetd._tcp.local" },
  }];
  lan.inject({ response: true, answers });
  await clock.advance(1000);
  equal(lan.seen.length, 0);
});

Deno.test("a record of ours that another program takes back is said again within a second", async () => {
  const { clock, lan } = await announced();
  lan.inject({ response: true, answers: [{ ...POINTER, ttlS: 0 }] });
  await clock.advance(900);
  deepEqual(names(only(lan.seen).message.answers), ["_fleetd._tcp.local PTR"]);
});

Deno.test("nothing is said of a service that was closed while its answer waited", async () => {
  const { clock, lan, announcement, startMs } = await announced();
  lan.inject({ questions: [PTR] });
  await clock.advance(5);
  announcement.close();
  await clock.advance(5000);
  const said = [...lan.said("PTR"), ...lan.said("SRV")];
  ok(said.length > 0);
  ok(said.every((record) => record.ttlS === 0), `since ${startMs}`);
});

Deno.test("agents of one network leave each other in peace", async () => {
  const clock = new SimulatedClock();
  const lan = new SimulatedSegment(clock);
  for (let i = 1; i <= 20; i++) {
    const links = { eth0: { on: lan, addresses: [`10.0.0.${i}`] } };
    const host = await SimulatedHost.start({ clock, seed: i }, links);
    host.announce({ instance: `agent ${i}` });
  }
  await clock.advance(20_000);
  equal(lan.seen.filter(({ message }) => message.authorities.length > 0).length, 60);
  equal(lan.said("SRV").filter((record) => record.name.startsWith("agent 7.")).length, 2);
});
