/**
 * Telemetry of the host: from what real boards and PCs show, and on this machine against an independent calculation.
 *
 * @module
 */
import {
  DenoClock,
  DenoHost,
  DenoProcess,
  type Readings,
  sampleValues,
  TelemetryCollector,
} from "@fleetd/agent";
import { decodeSamples, encodeSamples, STANDARD_METRICS } from "@fleetd/firmware-protocol";
import assert from "node:assert/strict";
import { cpus, freemem, totalmem } from "node:os";
import { FakeClock, type FakeHost, FakeProcess } from "../fakes/mod.ts";
import { container, laptop, unnamedPc, virtualMachine } from "./hosts/pc.ts";
import { netDev, pi3, pi4, pi5 } from "./hosts/raspberry_pi.ts";

interface Look {
  readonly host: FakeHost;
  readonly clock: FakeClock;
  readonly process: FakeProcess;
  readonly collector: TelemetryCollector;
}

function lookAt(host: FakeHost): Look {
  const clock = new FakeClock();
  const process = new FakeProcess();
  return {
    host,
    clock,
    process,
    collector: new TelemetryCollector({ host, clock, process, storagePath: "/var/lib/fleetd" }),
  };
}

function assertReadings(readings: Readings, expected: Record<string, number>): void {
  for (const [name, value] of Object.entries(expected)) {
    assert.equal(readings.get(name), value, name);
  }
}

function assertAbsent(readings: Readings, ...names: string[]): void {
  for (const name of names) assert.ok(!readings.has(name), `${name} = ${readings.get(name)}`);
}

Deno.test("a hot Pi 3 on a weak supply shows temperature, throttling, undervoltage and WiFi", () => {
  const readings = lookAt(pi3()).collector.collect();
  assertReadings(readings, {
    "temperature.cpu": 82.312,
    "temperature.max": 82.312,
    "throttled": 0x50005,
    "undervoltage": 1,
    "wifi.signal": -61,
    "uptime": 15_130.41,
    "load.1m": 0.42,
    "load.5m": 0.31,
    "load.15m": 0.28,
    "memory.total": 932_588 * 1024,
    "memory.available": 541_200 * 1024,
    "memory.used": (932_588 - 541_200) * 1024,
    "swap.total": 524_284 * 1024,
    "swap.used": 4_284 * 1024,
    "disk.total": 31_000_000_000,
    "disk.used": 4_000_000_000,
    "processes": 3,
    "agent.memory": 45_000_000,
  });
});

Deno.test("the first look has no rate and no share of time", () => {
  const readings = lookAt(pi4()).collector.collect();
  assertAbsent(
    readings,
    "cpu.use",
    "disk.read",
    "disk.written",
    "network.received",
    "network.sent",
    "agent.cpu",
  );
});

Deno.test("the second look has them, of real disks and real interfaces alone", async () => {
  const { host, clock, process, collector } = lookAt(pi4());
  collector.collect();
  await clock.advance(10_000);
  host.files.set("/proc/stat", "cpu  130316 40 61130 5843911 21055 0 2210 0 0 0\n");
  host.files.set(
    "/proc/diskstats",
    " 179 0 mmcblk0 0 0 2150518 0 0 0 1811232 0 0 0 0\n 179 2 mmcblk0p2 0 0 9950518 0 0 0 9811232 0 0 0 0\n",
  );
  host.files.set(
    "/proc/net/dev",
    netDev([["lo", 9e6, 9e6], ["eth0", 1_214_113, 2_053_411], ["docker0", 9e8, 9e8]]),
  );
  process.used = { residentBytes: 46_000_000, cpuMs: 25 };
  assertReadings(collector.collect(), {
    "cpu.use": 0.05,
    "disk.read": 100 * 512 / 10,
    "disk.written": 200 * 512 / 10,
    "network.received": 1_000,
    "network.sent": 5_000,
    "agent.cpu": 0.0025,
  });
});

Deno.test("counters that went back leave their rates out of one sample, and only of one", async () => {
  const { host, clock, collector } = lookAt(virtualMachine());
  collector.collect();
  await clock.advance(10_000);
  host.files.set("/proc/net/dev", netDev([["ens3", 10, 20]]));
  host.files.set("/proc/diskstats", " 254 0 vda 0 0 5 0 0 0 5 0 0 0 0\n");
  host.files.set("/proc/stat", "cpu  1 0 1 1 0 0 0 0 0 0\n");
  assertAbsent(
    collector.collect(),
    "cpu.use",
    "disk.read",
    "disk.written",
    "network.received",
    "network.sent",
  );
  await clock.advance(10_000);
  host.files.set("/proc/net/dev", netDev([["ens3", 20_010, 20]]));
  assertReadings(collector.collect(), {
    "network.received": 2_000,
    "network.sent": 0,
    "disk.read": 0,
  });
});

Deno.test("a Pi 4 with WiFi switched off has no signal, and no undervoltage", () => {
  const readings = lookAt(pi4()).collector.collect();
  assertAbsent(readings, "wifi.signal");
  assertReadings(readings, { "undervoltage": 0, "throttled": 0 });
});

Deno.test("a Pi 5 keeps its firmware elsewhere and has more sensors", () => {
  assertReadings(lookAt(pi5()).collector.collect(), {
    "throttled": 0,
    "undervoltage": 0,
    "temperature.cpu": 51.85,
    "temperature.max": 54.386,
  });
});

Deno.test("a board with a throttling mask but no alarm takes the undervoltage from the mask", () => {
  const host = pi3();
  host.files.delete("/sys/class/hwmon/hwmon1/in0_lcrit_alarm");
  assertReadings(lookAt(host).collector.collect(), { "undervoltage": 1 });
});

Deno.test("a laptop: Tdie before Tctl, its own battery and not the mouse's, no sleeping disk woken, old WiFi level", () => {
  const { host, collector } = lookAt(laptop());
  assertReadings(collector.collect(), {
    "temperature.cpu": 52.5,
    "temperature.max": 52.5,
    "battery.level": 0.83,
    "wifi.signal": -53,
  });
  assert.ok(!host.reads.has("/sys/class/hwmon/hwmon3/temp1_input"));
});

Deno.test("sensors that nothing is connected to are not believed", () => {
  assertReadings(lookAt(unnamedPc()).collector.collect(), {
    "temperature.cpu": 63,
    "temperature.max": 63,
  });
});

Deno.test("a virtual machine without sensors has no temperature, throttling, battery or signal", () => {
  const readings = lookAt(virtualMachine()).collector.collect();
  assertAbsent(
    readings,
    "temperature.cpu",
    "temperature.max",
    "throttled",
    "undervoltage",
    "battery.level",
    "wifi.signal",
  );
});

Deno.test("in a container, where no interface has a device, its only interface counts", async () => {
  const { host, clock, collector } = lookAt(container());
  collector.collect();
  await clock.advance(1_000);
  host.files.set("/proc/net/dev", netDev([["lo", 100, 100], ["eth0", 5_500, 6_000]]));
  assertReadings(collector.collect(), { "network.received": 500, "network.sent": 0 });
});

Deno.test("a host that tells nothing gives an empty sample, not zeros", () => {
  const { host, process, collector } = lookAt(virtualMachine());
  host.files.clear();
  host.spaces = null;
  host.about = { ...host.about, uptimeS: null, memory: null, loads: null };
  process.used = null;
  assert.deepEqual([...collector.collect()], []);
});

Deno.test("a system without /proc gives what its runtime tells", () => {
  const { host, process, collector } = lookAt(virtualMachine());
  host.files.clear();
  process.platform = "darwin";
  host.about = {
    ...host.about,
    uptimeS: 4_000,
    loads: [1.5, 1.25, 1],
    memory: { totalBytes: 16e9, availableBytes: 6e9, swapTotalBytes: 2e9, swapFreeBytes: 1.5e9 },
  };
  assert.deepEqual(Object.fromEntries(collector.collect()), {
    "agent.memory": 45_000_000,
    "uptime": 4_000,
    "load.1m": 1.5,
    "load.5m": 1.25,
    "load.15m": 1,
    "memory.total": 16e9,
    "memory.available": 6e9,
    "memory.used": 10e9,
    "swap.total": 2e9,
    "swap.used": 0.5e9,
    "disk.total": 31_000_000_000,
    "disk.used": 4_000_000_000,
  });
});

Deno.test("a sensor that appears later is found within ten minutes, and looking does not happen at each sample", async () => {
  const { host, clock, collector } = lookAt(virtualMachine());
  collector.collect();
  host.files.set("/sys/class/thermal/thermal_zone0/type", "cpu-thermal\n");
  host.files.set("/sys/class/thermal/thermal_zone0/temp", "50000\n");
  await clock.advance(60_000);
  assertAbsent(collector.collect(), "temperature.cpu");
  await clock.advance(600_000);
  assertReadings(collector.collect(), { "temperature.cpu": 50 });
  assert.equal(host.reads.get("/sys/class/thermal/thermal_zone0/type"), 1);
});

Deno.test("garbage in every file costs values, never the sample", () => {
  for (
    const garbage of [
      "",
      "\0\0\0",
      "NaN",
      "-1",
      "9".repeat(400),
      "cpu nan nan nan nan nan",
      "\n".repeat(9_999),
      "💥:💥",
    ]
  ) {
    const { host, collector } = lookAt(pi3());
    for (const path of host.files.keys()) host.files.set(path, garbage);
    host.spaces = { totalBytes: Infinity, usedBytes: NaN, availableBytes: NaN };
    for (const [name, value] of collector.collect()) {
      assert.ok(
        Number.isFinite(value),
        `${name} = ${value} of ${JSON.stringify(garbage.slice(0, 20))}`,
      );
    }
  }
});

Deno.test("every reading is a standard metric and survives the wire within its scale", async () => {
  const { clock, collector, process } = lookAt(pi3());
  collector.collect();
  await clock.advance(10_000);
  process.used = { residentBytes: 46_000_000, cpuMs: 25 };
  const values = sampleValues(collector.collect());
  const batch = encodeSamples({
    epoch: 1,
    first: 0,
    base: "unix",
    samples: [{ atMs: clock.nowMs(), values }],
  });
  const [decoded] = decodeSamples(batch);
  for (const { id, name, scale } of STANDARD_METRICS) {
    const sent = values.get(id);
    if (sent === undefined) continue;
    assert.ok(Math.abs(decoded!.values.get(id)! - sent) <= 10 ** scale / 2 + 1e-9, name);
  }
});

const onLinux = { ignore: Deno.build.os !== "linux" };

Deno.test(
  "this machine's memory, space, load and uptime agree with the runtime's own figures",
  onLinux,
  () => {
    const process = new DenoProcess();
    try {
      const host = new DenoHost();
      const collector = new TelemetryCollector({
        host,
        process,
        clock: new DenoClock(),
        storagePath: "/",
      });
      const readings = collector.collect();
      const near = (name: string, expected: number, slack: number) =>
        assert.ok(
          Math.abs(readings.get(name)! - expected) <= slack,
          `${name}: ${readings.get(name)}, ${expected}`,
        );
      assert.equal(readings.get("memory.total"), totalmem());
      near("memory.available", freemem(), totalmem() * 0.1);
      near("uptime", Deno.osUptime(), 5);
      near("load.1m", Deno.loadavg()[0]!, 1.5);
      const space = host.space("/")!;
      assert.equal(readings.get("disk.total"), space.totalBytes);
      near("disk.used", space.usedBytes, space.totalBytes * 0.01);
      near("agent.memory", Deno.memoryUsage().rss, 32e6);
      assert.ok(readings.get("processes")! >= 1);
    } finally {
      process.close();
    }
  },
);

Deno.test("this machine's processor use agrees with the times of each core", onLinux, () => {
  const process = new DenoProcess();
  try {
    const collector = new TelemetryCollector({
      host: new DenoHost(),
      process,
      clock: new DenoClock(),
      storagePath: "/",
    });
    const coreTimes = () =>
      cpus().reduce((sum, { times }) => {
        const busy = times.user + times.nice + times.sys + times.irq;
        return { busy: sum.busy + busy, all: sum.all + busy + times.idle };
      }, { busy: 0, all: 0 });
    const before = coreTimes();
    collector.collect();
    // Work until the kernel has counted half a second of it, so that there is something to agree on.
    const startCpuMs = process.usage()!.cpuMs;
    while (process.usage()!.cpuMs - startCpuMs < 500) {
      JSON.parse(JSON.stringify([..."fleet".repeat(500)]));
    }
    const readings = collector.collect();
    const after = coreTimes();
    const expected = (after.busy - before.busy) / (after.all - before.all);
    assert.ok(
      Math.abs(readings.get("cpu.use")! - expected) < 0.15,
      `${readings.get("cpu.use")}, ${expected}`,
    );
    assert.ok(readings.get("agent.cpu")! > 0.1, `${readings.get("agent.cpu")}`);
  } finally {
    process.close();
  }
});
