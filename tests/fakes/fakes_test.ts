/**
 * The fakes themselves: a test that drives the agent with them rests on these.
 *
 * @module
 */
import { DiskError, NetworkError } from "@fleetd/agent";
import assert from "node:assert/strict";
import { FakeClock, FakeDisk, FakeNetwork, fakePorts, FakeRandom, PowerCut } from "./mod.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);

Deno.test("sleepers wake in the order of their time, each with all that it causes", async () => {
  const clock = new FakeClock({ nowMs: 1_000_000, monotonicMs: 0 });
  const seen: string[] = [];
  const live = async (name: string, everyMs: number) => {
    while (true) {
      await clock.sleep(everyMs);
      seen.push(`${name}@${clock.monotonicMs()}`);
    }
  };
  live("a", 30);
  live("b", 20);
  await clock.advance(65);
  assert.deepEqual(seen, ["b@20", "a@30", "b@40", "a@60", "b@60"]);
  assert.equal(clock.nowMs(), 1_000_065);
});

Deno.test("a jump of the wall clock wakes nobody", async () => {
  const clock = new FakeClock();
  let woke = false;
  clock.sleep(1_000).then(() => woke = true);
  clock.setWall(0);
  await clock.advance(999);
  assert.ok(!woke);
  await clock.advance(1);
  assert.ok(woke);
  assert.equal(clock.nowMs(), 1_000);
});

Deno.test("waiting for what cannot come says so", async () => {
  const clock = new FakeClock();
  await assert.rejects(clock.advanceUntil(() => false), /nobody sleeps/);
  clock.sleep(5_000);
  await assert.rejects(clock.advanceUntil(() => false, 1_000), /after 1000 ms/);
});

Deno.test("the same seed gives the same life, another seed another one", () => {
  const life = (seed: number) => [...new FakeRandom(seed).bytes(64)];
  assert.deepEqual(life(7), life(7));
  assert.notDeepEqual(life(7), life(8));
  const random = new FakeRandom(1);
  const drawn = Array.from({ length: 10_000 }, () => random.ratio());
  assert.ok(drawn.every((ratio) => ratio >= 0 && ratio < 1));
  assert.ok(Math.abs(drawn.reduce((sum, ratio) => sum + ratio) / drawn.length - 0.5) < 0.02);
});

Deno.test("a power cut takes what was appended and not flushed, and leaves what was", async () => {
  const disk = new FakeDisk();
  await disk.append("/s", bytes(1, 2));
  await disk.flush("/s");
  await disk.append("/s", bytes(3, 4));
  disk.cutPower();
  await assert.rejects(disk.read("/s"), PowerCut);
  disk.powerOn();
  assert.deepEqual(await disk.read("/s"), bytes(1, 2));
});

Deno.test("with randomness, any part of the unflushed tail may be left", async () => {
  const sizes = new Set<number>();
  for (let seed = 1; seed <= 50; seed++) {
    const disk = new FakeDisk();
    await disk.append("/s", bytes(1, 2));
    await disk.flush("/s");
    await disk.append("/s", bytes(3, 4));
    disk.cutPower();
    disk.powerOn(new FakeRandom(seed));
    sizes.add((await disk.read("/s"))!.length);
  }
  assert.deepEqual([...sizes].sort(), [2, 3, 4]);
});

Deno.test("power cut inside a replacement leaves the old content or the new one", async () => {
  for (
    const [outcome, left] of [["before", bytes(1)], ["torn", bytes(1)], [
      "after",
      bytes(2, 2),
    ]] as const
  ) {
    const disk = new FakeDisk();
    await disk.replace("/s", bytes(1));
    disk.cutAt(disk.operations, outcome);
    await assert.rejects(disk.replace("/s", bytes(2, 2)), PowerCut);
    disk.powerOn();
    assert.deepEqual(await disk.read("/s"), left, outcome);
  }
});

Deno.test("power cut inside an append may leave a torn record", async () => {
  const disk = new FakeDisk();
  disk.cutAt(0, "torn");
  await assert.rejects(disk.append("/s", bytes(1, 2, 3, 4)), PowerCut);
  disk.powerOn();
  assert.deepEqual(await disk.read("/s"), bytes(1, 2));
});

Deno.test("a chosen operation fails, and a full disk is full until something goes", async () => {
  const disk = new FakeDisk();
  disk.failAt(1, "disk.failed");
  await disk.append("/a", bytes(1));
  await assert.rejects(
    disk.flush("/a"),
    (error) => error instanceof DiskError && error.code === "disk.failed",
  );
  disk.capacityBytes = 3;
  await assert.rejects(
    disk.append("/b", bytes(1, 2, 3)),
    (error) => error instanceof DiskError && error.code === "disk.full",
  );
  await disk.remove("/a");
  await disk.append("/b", bytes(1, 2, 3));
  assert.equal(await disk.freeBytes("/"), 0);
});

Deno.test("each kind of weather has its own end, in virtual time", async () => {
  const clock = new FakeClock();
  const network = new FakeNetwork(clock, () => ({ status: 200, body: bytes(1), contentType: "" }));
  const codeOf = async (weather: FakeNetwork["weather"]) => {
    network.weather = weather;
    const answer = network.request({
      method: "GET",
      url: "http://s/",
      timeoutMs: 5_000,
      maxBytes: 10,
    })
      .then(
        ({ status }) => `${status}`,
        (error) => error instanceof NetworkError ? error.code : `${error}`,
      );
    await clock.advance(6_000);
    return await answer;
  };
  assert.equal(await codeOf("fine"), "200");
  assert.equal(await codeOf("refused"), "network.refused");
  assert.equal(await codeOf("unreachable"), "network.unreachable");
  assert.equal(await codeOf("lost_request"), "network.timeout");
  assert.equal(network.requests.length, 1, "a lost request never reached the server");
  assert.equal(await codeOf("lost_answer"), "network.timeout");
  assert.equal(network.requests.length, 2, "with a lost answer the server did act");
});

Deno.test("an aborted exchange ends at once, and an answer beyond the limit is none", async () => {
  const network = new FakeNetwork(
    new FakeClock(),
    () => ({ status: 200, body: new Uint8Array(11), contentType: "" }),
  );
  const stop = new AbortController();
  stop.abort();
  const request = { method: "GET", url: "http://s/", timeoutMs: 5_000, maxBytes: 10 } as const;
  await assert.rejects(network.request({ ...request, signal: stop.signal }), {
    code: "network.aborted",
  });
  await assert.rejects(network.request(request), { code: "network.too_large" });
});

Deno.test("servers come and go for who looks, until it stops looking", async () => {
  const { network } = fakePorts();
  const service = {
    type: "_fleets._tcp",
    instance: "fleet",
    host: "server.local",
    port: 8080,
    addresses: ["192.0.2.1"],
    txt: { v: "1.0", fp: "abcdefghijklmnop" },
    interfaceName: "eth0",
  };
  network.serverUp(service);
  const stop = new AbortController();
  const seen: string[] = [];
  const looking = (async () => {
    for await (const event of network.findServers(stop.signal)) {
      seen.push(event.kind);
      if (event.kind === "up") network.serverUp({ ...service, port: 8081 });
      if (event.kind === "changed") network.serverDown("fleet");
      if (event.kind === "down") stop.abort();
    }
  })();
  await looking;
  assert.deepEqual(seen, ["up", "changed", "down"]);
});
