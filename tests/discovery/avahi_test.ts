/**
 * Our discovery and Avahi, the mDNS of Linux, in network namespaces: both see each other, on the
 * right addresses, and both let go.
 *
 * @module
 */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { BrowseEvent } from "@fleetd/firmware-protocol";
import { Avahi, AVAHI_PROGRAMS, type AvahiService } from "./avahi.ts";
import {
  eventually,
  type LabHost,
  type LabProcess,
  type NetworkLab,
  reasonForNoLab,
  withLab,
} from "./netns.ts";

const reason = await reasonForNoLab(AVAHI_PROGRAMS);
if (reason !== undefined) {
  console.error(
    `SKIPPED avahi: ${reason}; install with: apt-get install -y avahi-daemon avahi-utils dbus`,
  );
}

const TYPE = "_fleetd._tcp";
const PROGRAM = new URL("./discovery_process.ts", import.meta.url).pathname;

function testWithAvahi(name: string, act: (lab: NetworkLab) => Promise<void>): void {
  Deno.test({ name, ignore: reason !== undefined, fn: () => withLab(act) });
}

function start(host: LabHost, ...args: string[]): LabProcess {
  return host.spawn([
    Deno.execPath(),
    "run",
    "-A",
    "--no-check",
    "--cached-only",
    PROGRAM,
    ...args,
  ]);
}

async function announce(host: LabHost, service: Record<string, unknown>): Promise<LabProcess> {
  const process = start(host, "announce", JSON.stringify({ type: TYPE, txt: {}, ...service }));
  await process.line((line) => line.startsWith("announced "));
  return process;
}

function events(process: LabProcess): BrowseEvent[] {
  return process.lines.map((line) => JSON.parse(line));
}

/** What a browsing process knows of an instance now. */
function known(process: LabProcess, instance: string): BrowseEvent["service"] | undefined {
  const alive = new Map<string, BrowseEvent["service"]>();
  for (const { kind, service } of events(process)) {
    const key = `${service.instance} ${service.host} ${service.port}`;
    if (kind === "down") alive.delete(key);
    else alive.set(key, service);
  }
  return [...alive.values()].find((service) => service.instance === instance);
}

/** Addresses that Avahi resolves an instance to, as `IPv4 10.0.0.1`. */
async function resolved(avahi: Avahi, instance: string): Promise<string[]> {
  const services = await avahi.browse(TYPE);
  return services.filter((service) => service.instance === instance)
    .map((service) => `${service.family} ${service.address}`).toSorted();
}

/** What Avahi finds by IPv4, on the network: it uses loopback too. */
async function onNetwork(avahi: Avahi): Promise<AvahiService[]> {
  const services = await avahi.browse(TYPE);
  return services.filter(({ family, interfaceName }) =>
    family === "IPv4" && interfaceName !== "lo"
  );
}

/** A (eth0 and eth1), B on the link of eth0, C on the link of eth1; Avahi on B and C. */
async function twoLinks(lab: NetworkLab) {
  const [a, b, c] = [await lab.addHost(), await lab.addHost(), await lab.addHost()];
  const [left, right] = [await lab.addSegment(), await lab.addSegment()];
  await a.connect(left, { interfaceName: "eth0", addresses: ["10.77.0.1/24"] });
  await a.connect(right, { interfaceName: "eth1", addresses: ["10.78.0.1/24"] });
  await b.connect(left, { interfaceName: "eth0", addresses: ["10.77.0.2/24"] });
  await c.connect(right, { interfaceName: "eth0", addresses: ["10.78.0.4/24"] });
  const [onB, onC] = await Promise.all([
    Avahi.start(lab, b, "host-b"),
    Avahi.start(lab, c, "host-c"),
  ]);
  return { a, b, c, onB, onC, left, right };
}

async function oneLink(lab: NetworkLab) {
  const [a, b] = [await lab.addHost(), await lab.addHost()];
  const segment = await lab.addSegment();
  await a.connect(segment, { interfaceName: "eth0", addresses: ["10.77.0.1/24"] });
  await b.connect(segment, { interfaceName: "eth0", addresses: ["10.77.0.2/24"] });
  return { a, b, segment };
}

testWithAvahi(
  "Avahi resolves our agent to its address of each link, and drops it at goodbye",
  async (lab) => {
    const { a, onB, onC } = await twoLinks(lab);
    const agent = await announce(a, {
      instance: "k7pq-2m4d-9xwa-b3ne",
      port: 7400,
      txt: { v: "1.0", model: "Raspberry Pi 5", state: "accepted" },
    });
    const [seenByB] = await eventually(async () => {
      const found = await onNetwork(onB);
      return found.length > 0 && found;
    });
    const [seenByC] = await eventually(async () => {
      const found = await onNetwork(onC);
      return found.length > 0 && found;
    });
    equal(seenByB!.address, "10.77.0.1");
    equal(seenByC!.address, "10.78.0.1");
    const { instance, type, host, port, txt }: AvahiService = seenByB!;
    deepEqual({ instance, type, host, port }, {
      instance: "k7pq-2m4d-9xwa-b3ne",
      type: TYPE,
      host: "k7pq-2m4d-9xwa-b3ne.local",
      port: 7400,
    });
    for (const pair of ['"v=1.0"', '"model=Raspberry Pi 5"', '"state=accepted"']) {
      ok(txt.includes(pair), txt);
    }
    const watching = onB.watch(TYPE);
    await watching.line((line) => line.startsWith("=;"));
    await agent.stop("SIGTERM");
    // Both families of the link, each with its own goodbye.
    await eventually(() => watching.lines.filter((line) => line.startsWith("-;")).length >= 2, {
      describe: () => watching.lines.join("\n"),
    });
    await eventually(async () => (await onC.browse(TYPE)).length === 0);
  },
);

testWithAvahi(
  "we see services of Avahi come and go on both links, with names of any kind",
  async (lab) => {
    const { a, onB, onC } = await twoLinks(lab);
    const browsing = start(a, "browse", TYPE, "_http._tcp");
    const onLeft = await onB.publish("Küche. 2.4 GHz", TYPE, 7401, ["v=1.0", "model=x=y"]);
    const onRight = await onC.publish("right", "_http._tcp", 80);
    const left = await eventually(() => known(browsing, "Küche. 2.4 GHz"), {
      describe: () => browsing.lines.join("\n"),
    });
    equal(left.addresses[0], "10.77.0.2");
    deepEqual([left.interfaceName, left.host, left.port, left.type], [
      "eth0",
      "host-b.local",
      7401,
      TYPE,
    ]);
    deepEqual(left.txt, { v: "1.0", model: "x=y" });
    const right = await eventually(() => known(browsing, "right"));
    deepEqual([right.addresses[0], right.interfaceName], ["10.78.0.4", "eth1"]);
    await onLeft.stop();
    await eventually(() => known(browsing, "Küche. 2.4 GHz") === undefined);
    ok(known(browsing, "right"));
    await onRight.stop();
    await eventually(() => known(browsing, "right") === undefined);
    equal(browsing.errors, "");
  },
);

testWithAvahi("an agent that is killed leaves Avahi and us when its records end", async (lab) => {
  const { a, b } = await oneLink(lab);
  const avahi = await Avahi.start(lab, b, "host-b");
  const browsing = start(b, "browse", TYPE);
  const agent = await announce(a, { instance: "mortal", port: 7400, ttlS: 4 });
  await eventually(async () => (await resolved(avahi, "mortal")).length > 0);
  await eventually(() => known(browsing, "mortal"));
  const watching = avahi.watch(TYPE);
  await watching.line((line) => line.startsWith("=;"));
  await agent.stop("SIGKILL");
  await eventually(() => known(browsing, "mortal") === undefined);
  await watching.line((line) => line.startsWith("-;"));
  await eventually(async () => (await resolved(avahi, "mortal")).length === 0);
});

testWithAvahi("a name that Avahi holds is left to Avahi", async (lab) => {
  const { a, b } = await oneLink(lab);
  const avahi = await Avahi.start(lab, b, "box");
  await avahi.publish("same", TYPE, 7000);
  const agent = await announce(a, { instance: "same", host: "box", port: 7400 });
  deepEqual(agent.lines, ["renamed same (2)", "announced same (2)"]);
  const services = await eventually(async () => {
    const found = await onNetwork(avahi);
    return found.length === 2 && found;
  });
  deepEqual(
    services.map(({ instance, host, port }) => [instance, host, port]).toSorted(),
    [["same (2)", "box-2.local", 7400], ["same", "box.local", 7000]],
  );
});

testWithAvahi("a name that we hold is defended: Avahi takes another", async (lab) => {
  const { a, b } = await oneLink(lab);
  const agent = await announce(a, { instance: "same", host: "box", port: 7400 });
  const avahi = await Avahi.start(lab, b, "box");
  const published = await avahi.publish("same", TYPE, 7000);
  match(published.errors, /Established under name 'same #2'/);
  const services = await eventually(async () => {
    const found = await onNetwork(avahi);
    return found.length === 2 && found;
  });
  deepEqual(
    services.map(({ instance, host, port }) => [instance, host, port]).toSorted(),
    [["same #2", "box-2.local", 7000], ["same", "box.local", 7400]],
  );
  deepEqual(agent.lines, ["announced same"]);
});

for (const first of ["Avahi", "FleetD"] as const) {
  testWithAvahi(
    `FleetD and Avahi share port 5353 of one host, ${first} started first`,
    async (lab) => {
      const { a, b } = await oneLink(lab);
      const far = await Avahi.start(lab, a, "host-a");
      const announceOurs = () => announce(b, { instance: "ours", port: 7400 });
      let near: Avahi;
      if (first === "Avahi") {
        near = await Avahi.start(lab, b, "host-b");
        await announceOurs();
      } else {
        await announceOurs();
        near = await Avahi.start(lab, b, "host-b");
      }
      const browsing = start(b, "browse", TYPE);
      await near.publish("theirs", TYPE, 7001);
      await far.publish("far", TYPE, 7002);
      // Avahi of the other host sees both of this one, Avahi of this host sees ours,
      for (const avahi of [far, near]) {
        for (
          const [instance, address] of [["ours", "IPv4 10.77.0.2"], ["theirs", "IPv4 10.77.0.2"]]
        ) {
          await eventually(async () => (await resolved(avahi, instance!)).includes(address!), {
            describe: () => `${instance} is not seen`,
          });
        }
      }
      // and we see Avahi of this host and of the other.
      for (const [instance, address] of [["theirs", "10.77.0.2"], ["far", "10.77.0.1"]]) {
        const service = await eventually(() => known(browsing, instance!), {
          describe: () => `${instance} is not in ${browsing.lines.join("\n")}`,
        });
        ok(service.addresses.includes(address!), service.addresses.join());
      }
    },
  );
}

testWithAvahi("on a network with IPv6 only both see each other", async (lab) => {
  const [a, b, segment] = [await lab.addHost(), await lab.addHost(), await lab.addSegment()];
  await a.connect(segment, { interfaceName: "eth0", addresses: ["fd00:77::1/64"] });
  await b.connect(segment, { interfaceName: "eth0", addresses: ["fd00:77::2/64"] });
  const avahi = await Avahi.start(lab, b, "host-b");
  await announce(a, { instance: "six", port: 7400 });
  await eventually(async () => {
    return (await resolved(avahi, "six")).some((address) =>
      /^IPv6 (fd00:77::1|fe80::)/.test(address)
    );
  });
  const browsing = start(a, "browse", TYPE);
  await avahi.publish("theirs", TYPE, 7000);
  const service = await eventually(() => known(browsing, "theirs"));
  match(service.addresses[0]!, /^(fd00:77::2|fe80::[0-9a-f:]+%eth0)$/);
  deepEqual(service.addresses.filter((address) => address.includes(".")), []);
});

testWithAvahi(
  "a link that comes up later is announced on, one that goes takes its services along",
  async (lab) => {
    const { a, b, onC } = await twoLinks(lab);
    await a.disconnect("eth1");
    const agent = await announce(a, { instance: "roaming", port: 7400 });
    const browsing = start(a, "browse", TYPE);
    await onC.publish("right", TYPE, 7000);
    await eventually(() => known(browsing, "roaming"));
    equal(known(browsing, "right"), undefined);
    const segment = await lab.addSegment();
    // C and A meet on a new link.
    await b.disconnect("eth0");
    const c = await lab.addHost();
    await c.connect(segment, { interfaceName: "eth0", addresses: ["10.79.0.4/24"] });
    const onNew = await Avahi.start(lab, c, "host-d");
    await onNew.publish("new", TYPE, 7000);
    await a.connect(segment, { interfaceName: "eth9", addresses: ["10.79.0.1/24"] });
    await eventually(async () => (await resolved(onNew, "roaming")).includes("IPv4 10.79.0.1"));
    const found = await eventually(() => known(browsing, "new"));
    deepEqual([found.addresses[0], found.interfaceName], ["10.79.0.4", "eth9"]);
    await a.disconnect("eth9");
    await eventually(() => known(browsing, "new") === undefined);
    deepEqual(agent.lines, ["announced roaming"]);
  },
);

testWithAvahi("we list the types of services that Avahi has", async (lab) => {
  const { a, b } = await oneLink(lab);
  const avahi = await Avahi.start(lab, b, "host-b");
  await avahi.publish("x", "_ssh._tcp", 22);
  await avahi.publish("y", "_printer._tcp", 515);
  const listing = start(a, "types");
  await listing.line((line) => line === "_ssh._tcp");
  await listing.line((line) => line === "_printer._tcp");
});

testWithAvahi("a service bound to loopback is never heard on the network", async (lab) => {
  const { a, b } = await oneLink(lab);
  const avahi = await Avahi.start(lab, b, "host-b");
  await announce(a, { instance: "private", port: 7400, bindAddress: "127.0.0.1" });
  const browsing = start(a, "browse", TYPE);
  const own = await eventually(() => known(browsing, "private"));
  deepEqual([own.addresses, own.interfaceName], [["127.0.0.1"], "lo"]);
  // A public service announced later is heard; the private one would have been before it.
  await announce(a, { instance: "public", port: 7401 });
  await eventually(async () => (await resolved(avahi, "public")).length > 0);
  deepEqual(await resolved(avahi, "private"), []);
});
