/**
 * kill -9 of a real server under load, again and again: what it acknowledged is there, once.
 *
 * @module
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { metricByName } from "@fleetd/firmware-protocol";
import { DEMO_DEVICES } from "../demo/models.ts";
import { SimulatedDevice } from "../demo/simulated_device.ts";
import { eventually, LARGE, Workplace } from "../e2e/processes.ts";
import { CrashServer } from "./crash_server.ts";
import { checkIntegrity, readStoredDevice } from "./stored_telemetry.ts";

const KILLS = LARGE ? 200 : 10;
const DEVICES = 8;
/** Carries the sample's own number, so that a stored sample can be recognised by its content. */
const NUMBER = metricByName("processes")!.id;

/** Counter of a stream's first record, as the simulated devices count. */
let firstCounter = -1;

const isDelivered = (device: SimulatedDevice) =>
  device.acknowledged === firstCounter + device.taken - 1;

/** Takes a sample and delivers it, over and over, repeating the same bytes until they are answered. */
async function report(device: SimulatedDevice, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted || !isDelivered(device)) {
    if (!stopping.aborted) device.take(new Map([[NUMBER, device.taken]]));
    try {
      await device.sync();
      // Breathing space for the server's own process on a small machine.
      await delay(2);
    } catch {
      await delay(20);
    }
  }
}

Deno.test(`after ${KILLS} kills under load every acknowledged sample is stored exactly once`, async () => {
  await using place = await Workplace.open();
  await using server = new CrashServer(place);
  const firstStartMs = await server.start();
  const token = await server.enrolmentToken(DEVICES);
  const devices = Array.from({ length: DEVICES }, () =>
    new SimulatedDevice({
      url: server.url,
      token,
      model: DEMO_DEVICES[0]!.model,
      now: Date.now,
      timeoutMs: 10_000,
    }));
  for (const device of devices) {
    await device.enrol();
    await device.sync();
    device.take(new Map([[NUMBER, 0]]));
    await device.sync();
    firstCounter = device.acknowledged;
  }

  const stop = new AbortController();
  const reporting = Promise.all(devices.map((device) => report(device, stop.signal)));
  let whileServing = 0;
  let acknowledgedBetween = 0;
  const acknowledged = () => devices.reduce((sum, one) => sum + one.acknowledged + 1, 0);
  try {
    for (let kill = 0; kill < KILLS; kill++) {
      const before = acknowledged();
      // From the first instruction of a start to well within its work.
      await delay(Math.random() * firstStartMs * 2);
      if (await server.kill()) whileServing++;
      if (acknowledged() > before) acknowledgedBetween++;
      if (kill < KILLS - 1) server.spawn();
    }
    const restartMs = await server.start();
    ok(restartMs < 15_000, `the start after ${KILLS} kills took ${restartMs.toFixed(0)} ms`);
  } finally {
    stop.abort();
  }
  await eventually(() => devices.every(isDelivered), {
    describe: () => `not delivered: ${devices.filter((one) => !isDelivered(one)).length} devices`,
  });
  await reporting;
  await server.stop();

  // The kills must have met both a server at work and one that was starting.
  ok(whileServing >= KILLS / 5, `${whileServing} of ${KILLS} kills met a server that served`);
  ok(
    acknowledgedBetween >= KILLS / 5,
    `${acknowledgedBetween} of ${KILLS} starts got to acknowledge`,
  );
  equal(checkIntegrity(server.database), "ok");
  for (const device of devices) {
    const stored = readStoredDevice(server.database, device.handle);
    // By its counter and by its content: nothing lost, nothing doubled, nothing out of place.
    const wrong = stored.samples.filter(({ counter, values }, at) =>
      counter - firstCounter !== at || values.get(NUMBER) !== at
    ).map(({ counter, values }) => `counter ${counter} holds ${values.get(NUMBER)}`);
    deepEqual(wrong.slice(0, 8), []);
    equal(stored.samples.length, device.taken);
    deepEqual(stored.stream, { epoch: 1, through: device.acknowledged, lost: 0 });
    deepEqual([stored.quarantined, stored.staleMessages], [false, 0]);
  }
});
