/**
 * Whatever kills the agent, and whenever: started again it comes to the same end. The power is cut in every single disk
 * operation of an agent's first minutes (nothing of it done, half of it, all of it), and the process dies after every
 * transition of its state machine, with the state saved and nothing of the rest done.
 *
 * @module
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { CommandStatus, DeviceStateCode, openSyncRequest } from "@fleetd/firmware-protocol";
import type { CutOutcome } from "../fakes/mod.ts";
import { AgentUnderTest } from "./agent_under_test.ts";

const MINUTE = 60_000;
/** An agent that never settles would go on for ever. */
const LIMIT_MS = 30 * MINUTE;

/** An agent whose server has a command for it as soon as it is accepted. */
function scene(): AgentUnderTest {
  const it = new AgentUnderTest().withToken();
  it.server.script = (reply, request, { device }) => {
    if (reply.state !== DeviceStateCode.active) return;
    if (device.commands.length > 0 || request.inventory === undefined) return;
    device.commands.push({ id: 1, name: "identify", ttlS: 3_600 });
  };
  return it;
}

/** Whether the agent has got where it always gets. */
function hasArrived({ server, state }: AgentUnderTest): boolean {
  const device = [...server.devices.values()][0];
  return state === "accepted" && device !== undefined && device.reports.length > 0 &&
    device.samples.length >= 12 && device.inventory !== undefined;
}

/** What holds at the end of every life. */
function assertEnd(it: AgentUnderTest, what: string): void {
  const { server } = it;
  deepEqual(server.breaches, [], what);
  equal(server.devices.size, 1, `${what}: one device`);
  const { device } = server;
  equal(device.state, DeviceStateCode.active, what);
  deepEqual([...server.tokens.values()].map(({ left }) => left), [0], `${what}: one token use`);
  const results = device.reports.map(({ item }) => item.body as { id: number; status: number });
  deepEqual(results.map(({ id }) => id), [1], `${what}: one result`);
  const { status } = results[0]!;
  ok(status === CommandStatus.ok || status === CommandStatus.interrupted, what);
  const ran = it.lines.filter((line) => line.includes("It is me")).length;
  ok(ran <= 1, `${what}: run ${ran} times`);
  const ids = device.samples.map(({ id }) => id);
  equal(new Set(ids).size, ids.length, `${what}: no record twice`);
  equal(device.streams.get(1)!.lost, 0, `${what}: no record lost that was numbered and flushed`);
}

/** The number of disk operations, and of moves with effects, in an undisturbed life. */
async function undisturbed(): Promise<{ operations: number; moves: number }> {
  const it = scene();
  await it.start();
  const counted = countMoves(it, Infinity);
  await it.untilTrue(() => hasArrived(it), LIMIT_MS);
  await it.stop();
  assertEnd(it, "undisturbed");
  return { operations: it.ports.disk.operations, moves: counted.moves };
}

/** Counts the machine's moves; from the given one on nothing more is carried out. */
function countMoves(it: AgentUnderTest, last: number): { moves: number } {
  const counted = { moves: 0 };
  const { effects } = it.agent!;
  const perform = effects.perform.bind(effects);
  let seen: unknown = null;
  effects.perform = (effect, state) => {
    if (state !== seen) counted.moves++;
    seen = state;
    if (counted.moves < last) perform(effect, state);
  };
  return counted;
}

Deno.test("power cut in any disk operation: the agent comes to the same end", async () => {
  const { operations } = await undisturbed();
  ok(operations > 30, `${operations} operations`);
  for (let n = 0; n < operations; n++) {
    for (const outcome of ["before", "torn", "after"] satisfies CutOutcome[]) {
      const it = scene();
      const { disk } = it.ports;
      disk.cutAt(n, outcome);
      if (await it.start()) {
        await it.untilTrue(() => disk.operations > n || hasArrived(it), LIMIT_MS);
        await it.powerCut();
      } else disk.powerOn();
      if (outcome === "torn") disk.powerOn(it.ports.random);
      ok(await it.start());
      await it.untilTrue(() => hasArrived(it), LIMIT_MS);
      await it.stop();
      assertEnd(it, `operation ${n}, ${outcome}`);
    }
  }
});

Deno.test("death after any transition: the agent comes to the same end", async () => {
  const { moves } = await undisturbed();
  ok(moves >= 6, `${moves} moves`);
  for (let n = 1; n <= moves; n++) {
    const it = scene();
    await it.start();
    const counted = countMoves(it, n);
    await it.ports.clock.advance(0);
    while (counted.moves < n && !hasArrived(it)) await it.ports.clock.advance(1_000);
    await it.powerCut();
    await it.start();
    await it.untilTrue(() => hasArrived(it), LIMIT_MS);
    await it.stop();
    assertEnd(it, `move ${n}`);
  }
});

Deno.test("new keys are on disk before the first request under them leaves", async () => {
  const it = scene();
  let checked = 0;
  it.ports.network.answering = async (request) => {
    if (request.url.endsWith("/sync")) {
      const kid = Buffer.from(openSyncRequest(request.body!).kid).toString("base64url");
      const slots = [0, 1].map((slot) => it.ports.disk.read(`/state/state.${slot}.json`));
      const saved = (await Promise.all(slots)).map((bytes) =>
        new TextDecoder().decode(bytes ?? new Uint8Array(0))
      );
      ok(saved.some((text) => text.includes(kid)), "the kid of a request is saved");
      checked++;
    }
    return await it.server.answering(request);
  };
  await it.start();
  await it.untilTrue(() => hasArrived(it), LIMIT_MS);
  ok(checked > 1);
  await it.stop();
});

Deno.test("a disk that fails in any operation and recovers: nothing is lost, the agent stays alive", async () => {
  const { operations } = await undisturbed();
  for (let n = 3; n < operations; n++) {
    for (const code of ["disk.full", "disk.failed"] as const) {
      const it = scene();
      await it.start();
      it.ports.disk.failAt(n, code);
      await it.untilTrue(() => hasArrived(it), LIMIT_MS);
      await it.stop();
      assertEnd(it, `operation ${n}, ${code}`);
    }
  }
});

Deno.test("a disk that stays full: samples stay in memory and go out, the agent lives", async () => {
  const it = scene();
  await it.start();
  await it.until("accepted", MINUTE);
  await it.ports.clock.advance(2 * MINUTE);
  it.ports.disk.failing = "disk.full";
  await it.ports.clock.advance(10 * MINUTE);
  ok(it.agent!.stored.metrics.fill().inMemory);
  it.ports.disk.failing = null;
  await it.ports.clock.advance(2 * MINUTE);
  ok(!it.agent!.stored.metrics.fill().inMemory);
  equal(it.agent!.stored.metrics.fill().dropped, 0);
  ok(it.server.device.samples.length >= 75, `${it.server.device.samples.length} samples`);
  await it.stop();
  assertEnd(it, "full disk");
});
