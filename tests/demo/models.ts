/**
 * The kinds of simulated devices in the demo, and how their figures move. Everything here is invented and only ever
 * reaches a server by a simulated device.
 *
 * @module
 */
import { type Inventory, STANDARD_METRICS } from "@fleetd/firmware-protocol";
import type { DeviceModel } from "./simulated_device.ts";

const IDS = new Map(STANDARD_METRICS.map((metric) => [metric.name, metric.id]));
const GIB = 2 ** 30, KIB = 2 ** 10;

/** Named figures as the protocol's map of ids. @throws RangeError for a name that is no standard metric */
export function byId(figures: Readonly<Record<string, number>>): ReadonlyMap<number, number> {
  return new Map(
    Object.entries(figures).map(([name, value]): [number, number] => {
      const id = IDS.get(name);
      if (id === undefined) throw new RangeError(`${name} is no standard metric`);
      return [id, value];
    }).toSorted(([a], [b]) => a - b),
  );
}

/** A slow wave around a middle: `middle ± swing` with the given period in seconds, plus a small faster one. */
function wave(
  t: number,
  { middle, swing, periodS }: { middle: number; swing: number; periodS: number },
): number {
  return middle + swing * Math.sin((2 * Math.PI * t) / periodS) +
    0.2 * swing * Math.sin((2 * Math.PI * t) / (periodS / 7.3));
}

const inventory = (facts: Record<string, string | number | string[]>): Inventory => {
  const encoder = new TextEncoder();
  const order = (a: string, b: string) => {
    const x = encoder.encode(a), y = encoder.encode(b);
    return x.length - y.length || (a < b ? -1 : 1);
  };
  return new Map(Object.entries(facts).toSorted(([a], [b]) => order(a, b)));
};

interface PiShape {
  readonly model: string;
  readonly soc: string;
  readonly memoryGib: number;
  readonly cards: { readonly usedGib: number; readonly totalGib: number };
  readonly cpu: number;
  readonly celsius: number;
  readonly throttled?: number;
}

/** A Raspberry Pi with a load that comes and goes. */
function pi(shape: PiShape): DeviceModel {
  const total = shape.memoryGib * GIB;
  return {
    hwClass: "raspberry-pi",
    model: shape.model,
    agentVersion: "0.1.0",
    inventory: inventory({
      arch: "aarch64",
      kernel: "6.12.47+rpt-rpi-v8",
      memory: total,
      model: shape.model,
      os: "Debian GNU/Linux 13 (trixie)",
      soc: shape.soc,
    }),
    sample(t) {
      const cpu = Math.min(
        1,
        Math.max(0.01, wave(t, { middle: shape.cpu, swing: shape.cpu * 0.6, periodS: 90 })),
      );
      const celsius = shape.celsius + 8 * (cpu - shape.cpu);
      return byId({
        "cpu.use": cpu,
        "load.1m": cpu * 4,
        "memory.used": wave(t, { middle: total * 0.38, swing: total * 0.03, periodS: 240 }),
        "memory.total": total,
        "disk.used": shape.cards.usedGib * GIB + t * 900,
        "disk.total": shape.cards.totalGib * GIB,
        "temperature.cpu": celsius,
        "network.received": Math.max(0, wave(t, { middle: 18_000, swing: 15_000, periodS: 45 })),
        "network.sent": Math.max(0, wave(t, { middle: 6_000, swing: 5_000, periodS: 60 })),
        "uptime": 86_400 * 3 + t,
        "processes": Math.round(wave(t, { middle: 142, swing: 6, periodS: 120 })),
        "throttled": shape.throttled ?? 0,
        "undervoltage": 0,
      });
    },
  };
}

/** A microcontroller that measures its own heap and signal. */
function esp32(model: string, heapKib: number): DeviceModel {
  return {
    hwClass: "esp32",
    model,
    agentVersion: "0.1.0",
    inventory: inventory({ chip: model, flash: 4 * 2 ** 20, "idf": "5.3.2" }),
    sample: (t) =>
      byId({
        "temperature.cpu": wave(t, { middle: 41, swing: 2, periodS: 200 }),
        "wifi.signal": Math.round(wave(t, { middle: -63, swing: 5, periodS: 30 })),
        "uptime": t,
        "heap.free": wave(t, { middle: heapKib * KIB, swing: 9 * KIB, periodS: 75 }),
        "boot.count": 17,
      }),
  };
}

/** One simulated device of the demo. */
export interface DemoDevice {
  readonly name: string;
  readonly model: DeviceModel;
  /** Seconds it is reachable and then silent, over and over; absent for a device that stays. */
  readonly comesAndGoes?: { readonly onS: number; readonly offS: number };
}

/** The five of the demo: three healthy ones, one hot one, and one that goes offline now and then. */
export const DEMO_DEVICES: readonly DemoDevice[] = [
  {
    name: "kitchen-display",
    model: pi({
      model: "Raspberry Pi 5 Model B Rev 1.0",
      soc: "bcm2712",
      memoryGib: 8,
      cards: { usedGib: 11, totalGib: 58 },
      cpu: 0.12,
      celsius: 52,
    }),
  },
  {
    name: "garage-camera",
    model: pi({
      model: "Raspberry Pi 3 Model B Plus Rev 1.3",
      soc: "bcm2837",
      memoryGib: 1,
      cards: { usedGib: 6, totalGib: 29 },
      cpu: 0.93,
      celsius: 83,
      throttled: 0x80008,
    }),
  },
  {
    name: "greenhouse",
    model: pi({
      model: "Raspberry Pi Zero 2 W Rev 1.0",
      soc: "bcm2837",
      memoryGib: 0.5,
      cards: { usedGib: 3, totalGib: 14 },
      cpu: 0.2,
      celsius: 47,
    }),
  },
  { name: "door-sensor", model: esp32("ESP32-C3", 171), comesAndGoes: { onS: 75, offS: 75 } },
  { name: "rain-gauge", model: esp32("ESP32-S3", 214) },
];
