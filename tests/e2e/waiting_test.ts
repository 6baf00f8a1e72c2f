/**
 * Two hundred devices wait in long polls of a real server process, and a command reaches the one it is meant for at once.
 *
 * @module
 */
import { equal, ok } from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { CrashServer } from "../crash/crash_server.ts";
import { DEMO_DEVICES } from "../demo/models.ts";
import { SimulatedDevice } from "../demo/simulated_device.ts";
import { eventually, Workplace } from "./processes.ts";

const DEVICES = 200;
const COMMANDS = 100;
const LIMIT_MS = 1_000;

/** Waits in one long poll after the other, and reports what it was asked to do. */
async function wait(device: SimulatedDevice, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      do await device.sync({ signal }); while (device.eager && !signal.aborted);
      await device.sync({ waitS: 50, signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}

/** What the server says of itself: a figure of `/metrics`. */
async function figure(server: CrashServer, name: string): Promise<number> {
  const answer = await fetch(`${server.url}/metrics`, {
    headers: { authorization: `Bearer ${server.adminToken}` },
  });
  const text = await answer.text();
  const [, value] = new RegExp(`^${name} (\\S+)$`, "m").exec(text) ?? [];
  ok(value !== undefined, `no ${name} in:\n${text}`);
  return Number(value);
}

Deno.test(`with ${DEVICES} devices waiting, identify reaches an online one in under a second`, async () => {
  await using place = await Workplace.open();
  await using server = new CrashServer(place);
  await server.start();
  const token = await server.enrolmentToken(DEVICES);
  const devices = Array.from(
    { length: DEVICES },
    () =>
      new SimulatedDevice({ url: server.url, token, model: DEMO_DEVICES[0]!.model, now: Date.now }),
  );
  const stop = new AbortController();
  for (const device of devices) {
    // The first sync confirms the handshake; the server keeps only so many unconfirmed ones of one address.
    await device.enrol();
    await device.sync();
  }
  const waiting = Promise.all(devices.map((device) => wait(device, stop.signal)));
  const failed = waiting.then(() => undefined, (error) => error);
  try {
    await eventually(
      async () => await figure(server, "fleets_waiting_polls") === DEVICES,
      { describe: () => "not all of them came to wait" },
    );
    const tookMs: number[] = [];
    for (let at = 0; at < COMMANDS; at++) {
      const device = devices[Math.floor(Math.random() * DEVICES)]!;
      const { promise: reached, resolve } = Promise.withResolvers<number>();
      device.onIdentify = () => resolve(performance.now());
      const startMs = performance.now();
      const { id } = await server.api.request<{ id: number }>(
        "POST",
        `/api/v1/devices/${device.handle}/identify`,
        { act: "identify" },
      );
      const late = new AbortController();
      const atMs = await Promise.race([
        reached,
        delay(30_000, Infinity, { signal: late.signal }).catch(() => Infinity),
      ]);
      late.abort();
      tookMs.push(atMs - startMs);
      // It reports back, and waits again before the next one is asked.
      await eventually(async () => {
        const command = await server.api.request<{ state: string; status: string }>(
          "GET",
          `/api/v1/devices/${device.handle}/commands/${id}`,
          { act: "read the command" },
        );
        return command.state === "finished" && command.status === "ok";
      }, { everyMs: 20 });
      await eventually(
        async () => await figure(server, "fleets_waiting_polls") === DEVICES,
        { everyMs: 20 },
      );
    }
    // Of a hundred, the 99th in order is the 99th percentile.
    const p99 = tookMs.toSorted((a, b) => a - b)[Math.ceil(0.99 * COMMANDS) - 1]!;
    ok(p99 < LIMIT_MS, `99 of 100 took up to ${p99.toFixed(0)} ms`);
  } finally {
    stop.abort();
    equal(await failed, undefined);
  }
  await server.stop();
});
