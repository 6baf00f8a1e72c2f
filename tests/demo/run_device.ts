/**
 * Lets a simulated device live: enrol, sample, sync and wait, over and over, until told to stop.
 *
 * @module
 */
import { setTimeout as delay } from "node:timers/promises";
import type { SimulatedDevice } from "./simulated_device.ts";

/** How a device lives. */
export interface Life {
  readonly signal: AbortSignal;
  /** Seconds between samples. */
  readonly sampleEveryS: number;
  readonly comesAndGoes?: { readonly onS: number; readonly offS: number };
}

const pause = (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }).catch(() => {});

/** Runs until `signal` aborts. Whatever fails is tried again a second later. */
export async function runDevice(
  device: SimulatedDevice,
  { signal, sampleEveryS, comesAndGoes }: Life,
): Promise<void> {
  const startedMs = Date.now();
  const away = () => {
    if (comesAndGoes === undefined) return false;
    const period = comesAndGoes.onS + comesAndGoes.offS;
    return ((Date.now() - startedMs) / 1000) % period >= comesAndGoes.onS;
  };
  let enrolled = false;
  while (!signal.aborted) {
    if (enrolled && away()) {
      await pause(1000, signal);
      continue;
    }
    try {
      if (!enrolled) {
        await device.enrol();
        enrolled = true;
      }
      device.take();
      do await device.sync({ signal }); while (device.eager && !signal.aborted);
      const waitS = Math.max(1, Math.floor(sampleEveryS));
      await device.sync({ waitS, signal });
    } catch {
      await pause(1000, signal);
    }
  }
}
