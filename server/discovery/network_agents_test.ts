import type { BrowseEvent } from "@fleetd/firmware-protocol";
import { deepStrictEqual as equal } from "node:assert/strict";
import { SILENT_LOG } from "../log.ts";
import { NetworkAgents } from "./network_agents.ts";

const event = (kind: BrowseEvent["kind"], h: string, state = "unenrolled"): BrowseEvent => ({
  kind,
  service: {
    type: "_fleetd._tcp",
    instance: h,
    host: `${h}.local`,
    port: 7_400,
    addresses: ["192.0.2.7"],
    txt: { v: "1.0", h, state, model: "Pi", ver: "0.1.0" },
    interfaceName: "eth0",
  },
});

/** A network whose events the test says. */
function network() {
  const waiting: BrowseEvent[] = [];
  let wake = () => {};
  let looks = 0;
  let signalled: AbortSignal | undefined;
  const browse = async function* ({ signal }: { signal: AbortSignal }) {
    looks += 1;
    signalled = signal;
    signal.addEventListener("abort", () => wake());
    while (!signal.aborted) {
      while (waiting.length > 0) yield waiting.shift()!;
      await new Promise<void>((resolve) => wake = resolve);
    }
  };
  return {
    browse,
    looks: () => looks,
    isLooking: () => signalled !== undefined && !signalled.aborted,
    async say(...events: BrowseEvent[]) {
      waiting.push(...events);
      wake();
      await new Promise((resolve) => setTimeout(resolve));
    },
  };
}

const clock = { monotonicMs: () => 0 };

Deno.test("nobody looks before somebody asks; agents come, change and go", async () => {
  const net = network();
  const agents = new NetworkAgents({ browse: net.browse, clock, log: SILENT_LOG });
  equal(net.looks(), 0);
  equal(agents.look(), { looking: "yes", forMs: 0, agents: [] });
  await net.say(event("up", "b"), event("up", "a"));
  equal(agents.look().agents.map(({ handle, state }) => [handle, state]), [["a", "unenrolled"], [
    "b",
    "unenrolled",
  ]]);
  await net.say(event("changed", "a", "pending"), event("down", "b"));
  equal(agents.look().agents.map(({ handle, state }) => [handle, state]), [["a", "pending"]]);
  equal(net.looks(), 1);
  await agents.close();
  equal(net.isLooking(), false);
});

Deno.test("looking ends when nobody asks any more, and begins again with the next question", async () => {
  const net = network();
  const agents = new NetworkAgents({ browse: net.browse, clock, log: SILENT_LOG, restAfterMs: 1 });
  agents.look();
  await net.say(event("up", "a"));
  while (net.isLooking()) await new Promise((resolve) => setTimeout(resolve, 1));
  equal(agents.look().agents, []);
  equal(net.looks(), 2);
  await agents.close();
});

Deno.test("without mDNS it says so, and a failure is told, not thrown", async () => {
  const off = new NetworkAgents({ browse: null, clock, log: SILENT_LOG });
  equal(off.look().looking, "off");
  const broken = new NetworkAgents({
    // deno-lint-ignore require-yield
    browse: async function* () {
      await Promise.resolve();
      throw new Error("no sockets");
    },
    clock,
    log: SILENT_LOG,
  });
  broken.look();
  await new Promise((resolve) => setTimeout(resolve));
  equal(broken.look().looking, "failed");
  await broken.close();
});

Deno.test("a stranger cannot fill the server's memory with agents", async () => {
  const net = network();
  const agents = new NetworkAgents({ browse: net.browse, clock, log: SILENT_LOG });
  agents.look();
  await net.say(...Array.from({ length: 2_000 }, (_, i) => event("up", `agent-${i}`)));
  equal(agents.look().agents.length, 500);
  await agents.close();
});
