/**
 * FleetD to FleetD in network namespaces: what happens to links and addresses while it runs.
 *
 * @module
 */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { BrowseEvent } from "@fleetd/firmware-protocol";
import {
  eventually,
  type LabHost,
  type LabProcess,
  type NetworkLab,
  reasonForNoLab,
  withLab,
} from "./netns.ts";

const reason = await reasonForNoLab();
if (reason !== undefined) {
  console.error(`SKIPPED network namespaces: ${reason}; install with: apt-get install -y iproute2`);
}

const TYPE = "_fleetd._tcp";
const PROGRAM = new URL("./discovery_process.ts", import.meta.url).pathname;

function testInLab(name: string, act: (lab: NetworkLab) => Promise<void>): void {
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

/** The latest event about an instance, none after "down". */
function known(process: LabProcess, instance: string): BrowseEvent["service"] | undefined {
  const events: BrowseEvent[] = process.lines.map((line) => JSON.parse(line));
  const last = events.filter(({ service }) => service.instance === instance).at(-1);
  return last?.kind === "down" ? undefined : last?.service;
}

testInLab("two interfaces of a host in one subnet are no conflict with itself", async (lab) => {
  const [a, b, segment] = [await lab.addHost(), await lab.addHost(), await lab.addSegment()];
  await a.connect(segment, { interfaceName: "eth0", addresses: ["10.77.0.1/24"] });
  await a.connect(segment, { interfaceName: "wlan0", addresses: ["10.77.0.11/24"] });
  await b.connect(segment, { interfaceName: "eth0", addresses: ["10.77.0.2/24"] });
  const browsing = start(b, "browse", TYPE);
  const agent = await announce(a, { instance: "both", port: 7400, ttlS: 4 });
  await eventually(() => {
    const addresses = known(browsing, "both")?.addresses ?? [];
    return addresses.some((address) => address.startsWith("10.77.0."));
  });
  // A second service shows that the first was watched for long enough to be renamed.
  await announce(a, { instance: "second", port: 7401 });
  await eventually(() => known(browsing, "second"));
  deepEqual(agent.lines, ["announced both"]);
  equal(agent.errors, "");
});

testInLab("an interface that changes its address is announced with the new one", async (lab) => {
  const [a, b, segment] = [await lab.addHost(), await lab.addHost(), await lab.addSegment()];
  await a.connect(segment, { interfaceName: "eth0", addresses: ["10.77.0.1/24"] });
  await b.connect(segment, { interfaceName: "eth0", addresses: ["10.77.0.2/24"] });
  const browsing = start(b, "browse", TYPE);
  await announce(a, { instance: "mover", port: 7400 });
  await eventually(() => known(browsing, "mover")?.addresses.includes("10.77.0.1"));
  await a.run(["ip", "address", "del", "10.77.0.1/24", "dev", "eth0"]);
  await a.run(["ip", "address", "add", "10.77.0.5/24", "dev", "eth0"]);
  await eventually(() => known(browsing, "mover")?.addresses.includes("10.77.0.5"), {
    describe: () => browsing.lines.join("\n"),
  });
  await eventually(() => !known(browsing, "mover")?.addresses.includes("10.77.0.1"));
});

testInLab("a host that has no network yet is announced as soon as it has one", async (lab) => {
  const [a, b, segment] = [await lab.addHost(), await lab.addHost(), await lab.addSegment()];
  await b.connect(segment, { interfaceName: "eth0", addresses: ["10.77.0.2/24"] });
  const browsing = start(b, "browse", TYPE);
  const agent = await announce(a, { instance: "early", port: 7400 });
  await a.connect(segment, { interfaceName: "eth0", addresses: ["10.77.0.1/24"] });
  await eventually(() => known(browsing, "early")?.addresses.includes("10.77.0.1"));
  await agent.stop("SIGTERM");
  await eventually(() => known(browsing, "early") === undefined);
});

testInLab("with link-local IPv6 alone an address names its interface", async (lab) => {
  const [a, b, segment] = [await lab.addHost(), await lab.addHost(), await lab.addSegment()];
  const other = await lab.addSegment();
  await a.connect(segment, { interfaceName: "eth0", addresses: [] });
  await b.connect(segment, { interfaceName: "eth0", addresses: [] });
  await b.connect(other, { interfaceName: "eth1", addresses: [] });
  const browsing = start(b, "browse", TYPE);
  await announce(a, { instance: "six", port: 7400 });
  const service = await eventually(() => known(browsing, "six"));
  equal(service.interfaceName, "eth0");
  match(service.addresses[0]!, /^fe80::[0-9a-f:]+%eth0$/);
  equal(service.addresses.length, 1);
});

testInLab("fifty agents are all found, and all gone after their goodbye", async (lab) => {
  const [a, b, segment] = [await lab.addHost(), await lab.addHost(), await lab.addSegment()];
  await a.connect(segment, { interfaceName: "eth0", addresses: ["10.77.0.1/24"] });
  await b.connect(segment, { interfaceName: "eth0", addresses: ["10.77.0.2/24"] });
  const browsing = start(b, "browse", TYPE);
  const agents = start(a, "announce-many", TYPE, "50");
  await agents.line((line) => line === "announced 50");
  const alive = () =>
    Array.from({ length: 50 }, (_, i) => known(browsing, `agent ${i}`)).filter(Boolean).length;
  await eventually(() => alive() === 50, { describe: () => `${alive()} of 50` });
  await agents.stop("SIGTERM");
  await eventually(() => alive() === 0, { describe: () => `${alive()} still there` });
  ok(browsing.lines.length >= 100);
});
