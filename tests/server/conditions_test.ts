/**
 * What a device's figures say a person should see to: noted as they come, told to whoever watches, over when they say so.
 *
 * @module
 */
import assert from "node:assert/strict";
import { byId } from "../demo/models.ts";
import type { SimulatedDevice } from "../demo/simulated_device.ts";
import { AdminFleet } from "./admin_fleet.ts";

const GIB = 2 ** 30;

async function say(device: SimulatedDevice, figures: Record<string, number>): Promise<void> {
  device.take(byId(figures));
  await device.sync();
}

async function seen(fleet: AdminFleet, { handle }: SimulatedDevice) {
  const { alarms, events } = await fleet.do("GET", `/api/v1/devices/${handle}`);
  const named = (all: { name: string }[]) => all.map(({ name }) => name).toReversed();
  return {
    alarms: alarms.map(({ code }: { code: string }) => code),
    events: named(events).filter((name) => /hot|full/.test(name)),
  };
}

Deno.test("a device that is hot or full is an alarm with its event until its figures say that it is over", async () => {
  await using fleet = await AdminFleet.start();
  const device = await fleet.device({ labels: { site: "x" } });
  assert.deepEqual(await seen(fleet, device), { alarms: [], events: [] });
  await say(device, { "temperature.cpu": 83, "disk.used": 99 * GIB, "disk.total": 100 * GIB });
  const both = { alarms: ["device.hot", "device.full"], events: ["device.hot", "device.full"] };
  assert.deepEqual(await seen(fleet, device), both);
  await say(device, { "temperature.cpu": 78 });
  assert.deepEqual(await seen(fleet, device), both, "on the edge nothing comes and goes");
  await say(device, { "temperature.cpu": 60 });
  assert.deepEqual(await seen(fleet, device), {
    alarms: ["device.full"],
    events: ["device.hot", "device.full", "device.hot_over"],
  });
  await say(device, { "disk.used": 10 * GIB, "disk.total": 100 * GIB });
  assert.deepEqual((await seen(fleet, device)).alarms, []);
});

Deno.test("what is noted outlives the server, and is told to watchers at once", async () => {
  const first = await AdminFleet.start();
  const device = await first.device({ name: "attic", labels: { site: "x" } });
  const stop = new AbortController();
  const stream = await fetch(`${first.server.url}/api/v1/events/stream`, {
    headers: { authorization: `Bearer ${first.admin}` },
    signal: stop.signal,
  });
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
  await say(device, { "temperature.max": 91 });
  let text = "";
  while (!text.includes("device.changed")) text += (await reader.read()).value;
  assert.ok(text.includes(device.handle));
  stop.abort();
  await reader.cancel().catch(() => {});
  await first.stop();
  await using fleet = await AdminFleet.start({ folder: first.folder, admin: first.admin });
  assert.deepEqual((await seen(fleet, device)).alarms, ["device.hot"]);
  const anna = await fleet.user("anna", "viewer");
  for (const path of ["/", "/devices?state=attention"]) {
    const { text } = await fleet.raw("GET", path, { headers: fleet.headersOf(anna, "GET") });
    assert.match(text, /attic[^]*<span class="badge bad">hot<\/span>/, path);
  }
});

Deno.test("a device in quarantine is not believed that it is hot", async () => {
  await using fleet = await AdminFleet.start();
  const device = await fleet.device({ labels: { site: "x" } });
  await fleet.tamper(async (raw) => {
    await raw.run("UPDATE devices SET quarantined = 1", []);
  });
  await say(device, { "temperature.cpu": 99 });
  assert.deepEqual(await seen(fleet, device), { alarms: ["device.quarantined"], events: [] });
});
