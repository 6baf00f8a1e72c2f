/**
 * A device model with the twelve figures that benches speak of.
 *
 * @module
 */
import { byId } from "../demo/models.ts";
import type { DeviceModel } from "../demo/simulated_device.ts";

let calls = 0;

/** Figures that change a little from call to call. */
export const TWELVE_METRICS: DeviceModel = {
  hwClass: "bench",
  model: "bench",
  agentVersion: "0.1.0",
  inventory: new Map([["model", "bench"]]),
  sample() {
    const n = calls++ % 997;
    return byId({
      "cpu.use": 0.1 + n / 2000,
      "load.1m": 0.5 + n / 1000,
      "memory.used": 400_000_000 + n * 4096,
      "memory.total": 1_000_000_000,
      "disk.used": 8_000_000_000 + n * 512,
      "disk.total": 32_000_000_000,
      "temperature.cpu": 45 + n / 100,
      "network.received": 1000 + n * 13,
      "network.sent": 500 + n * 7,
      "uptime": 86_400 + n,
      "processes": 120 + n % 10,
      "undervoltage": 0,
    });
  },
};
