import { equal } from "node:assert/strict";
import { ClockSource } from "@fleetd/firmware-protocol";
import { DeviceClock } from "./device_clock.ts";

const SERVER_MS = 1_900_000_000_000;

function clockOf({ wallMs, synchronised = false }: { wallMs: number; synchronised?: boolean }) {
  const now = { monotonicMs: 50_000, wallMs };
  const clock = {
    nowMs: () => now.wallMs,
    monotonicMs: () => now.monotonicMs,
    sleep: () => Promise.resolve(),
  };
  const isSynchronised = () => synchronised;
  return { now, device: new DeviceClock({ clock, bootId: 7, isSynchronised }) };
}

Deno.test("without a time service and before an answer there is no time", () => {
  const { device } = clockOf({ wallMs: 5 });
  equal(device.source(), ClockSource.none);
  equal(device.unixNowMs(), null);
  equal(device.dating().unixAtBootMs, null);
});

Deno.test("a wrong host clock gives way to the server's time, carried on by the monotonic clock", () => {
  const { device, now } = clockOf({ wallMs: 5 });
  device.observe(SERVER_MS, { sentMs: 49_000, receivedMs: 51_000 });
  equal(device.source(), ClockSource.server);
  equal(device.unixNowMs(), SERVER_MS);
  now.monotonicMs += 60_000;
  equal(device.unixNowMs(), SERVER_MS + 60_000);
  equal(device.dating().unixAtBootMs, SERVER_MS - 50_000);
});

Deno.test("a host clock that agrees with the server is believed, until it jumps", () => {
  const { device, now } = clockOf({ wallMs: SERVER_MS + 1_200 });
  device.observe(SERVER_MS, { sentMs: 50_000, receivedMs: 50_000 });
  equal(device.source(), ClockSource.ntp);
  equal(device.unixNowMs(), SERVER_MS + 1_200);
  now.wallMs += 3_600_000;
  equal(device.source(), ClockSource.server);
  equal(device.unixNowMs(), SERVER_MS);
});

Deno.test("a host clock that a time service has set is believed over the server", () => {
  const { device } = clockOf({ wallMs: SERVER_MS + 99_000, synchronised: true });
  device.observe(SERVER_MS, { sentMs: 50_000, receivedMs: 50_000 });
  equal(device.unixNowMs(), SERVER_MS + 99_000);
});

Deno.test("an answer that took more than ten seconds says nothing about the time", () => {
  const { device } = clockOf({ wallMs: 5 });
  device.observe(SERVER_MS, { sentMs: 30_000, receivedMs: 40_001 });
  equal(device.source(), ClockSource.none);
});
