/**
 * The buffer against a model: whatever is appended, sent, acknowledged, killed, cut off, filled up or torn.
 *
 * @module
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { RecordBuffer } from "@fleetd/agent";
import { FakeDisk, FakeRandom, PowerCut } from "../fakes/mod.ts";

const DIRECTORY = "/state/metrics";
const CASES = Deno.env.get("FLEETD_CI") ? 100_000 : 2_000;
const ALL = { records: Infinity, bytes: Infinity };

interface Options {
  readonly epoch: number;
  readonly capBytes?: number;
  readonly memoryCapBytes?: number;
  readonly dropsOldest?: boolean;
}

function open(disk: FakeDisk, options: Options): Promise<RecordBuffer> {
  return RecordBuffer.open({
    disk,
    directory: DIRECTORY,
    capBytes: 1 << 20,
    memoryCapBytes: 1 << 20,
    dropsOldest: true,
    ...options,
  });
}

const text = (record: Uint8Array) => new TextDecoder().decode(record);
const record = (name: string, sizeBytes = 0) =>
  new TextEncoder().encode(name.padEnd(sizeBytes, "."));

/** Sends everything, as a server that acknowledges each run; ids with content, in the order of sending. */
async function drain(buffer: RecordBuffer): Promise<[string, string][]> {
  const sent: [string, string][] = [];
  for (let run; (run = await buffer.oldest({ records: 100, bytes: 10_000 })) !== null;) {
    run.records.forEach((one, at) => sent.push([`${run.epoch}/${run.first + at}`, text(one)]));
    await buffer.release(run.epoch, run.first + run.records.length - 1);
  }
  return sent;
}

Deno.test("records come back in order, numbered from 1 in their epoch, until they are released", async () => {
  const buffer = await open(new FakeDisk(), { epoch: 5 });
  for (const name of ["a", "b", "c"]) ok(await buffer.append(record(name)));
  const run = (await buffer.oldest(ALL))!;
  deepEqual([run.epoch, run.first, run.records.map(text)], [5, 1, ["a", "b", "c"]]);
  await buffer.release(5, 2);
  const rest = (await buffer.oldest(ALL))!;
  deepEqual([rest.first, rest.records.map(text)], [3, ["c"]]);
  await buffer.release(5, 3);
  equal(await buffer.oldest(ALL), null);
  ok(await buffer.append(record("d")));
  equal((await buffer.oldest(ALL))!.first, 4);
});

Deno.test("an acknowledgement of another epoch or of nothing new changes nothing", async () => {
  const buffer = await open(new FakeDisk(), { epoch: 5 });
  for (const name of ["a", "b"]) await buffer.append(record(name));
  await buffer.release(4, 100);
  await buffer.release(5, 0);
  equal((await buffer.oldest(ALL))!.records.length, 2);
});

Deno.test("a restart keeps what was there under its old epoch and sends it before anything new", async () => {
  const disk = new FakeDisk();
  const first = await open(disk, { epoch: 1 });
  for (const name of ["a", "b"]) await first.append(record(name));
  const second = await open(disk, { epoch: 300 });
  await second.append(record("c"));
  deepEqual(await drain(second), [["1/1", "a"], ["1/2", "b"], ["300/1", "c"]]);
});

Deno.test("one that is larger than the limit goes out alone", async () => {
  const buffer = await open(new FakeDisk(), { epoch: 1 });
  for (const name of ["a", "b"]) await buffer.append(record(name, 5_000));
  equal((await buffer.oldest({ records: 10, bytes: 100 }))!.records.length, 1);
  equal((await buffer.oldest({ records: 1, bytes: 1e9 }))!.records.length, 1);
});

Deno.test("a full buffer drops from its oldest end, counts what it drops, and stays within its bound", async () => {
  const disk = new FakeDisk();
  const buffer = await open(disk, { epoch: 1, capBytes: 100_000 });
  for (let n = 1; n <= 300; n++) await buffer.append(record(String(n), 1_000));
  const { bytes, dropped } = buffer.fill();
  ok(bytes <= 100_000, `${bytes} bytes`);
  ok(disk.usedBytes <= 100_000, `${disk.usedBytes} bytes on disk`);
  const sent = await drain(buffer);
  equal(sent.length + dropped, 300);
  equal(sent[0]![0], `1/${dropped + 1}`);
  equal(sent.at(-1)![0], "1/300");
});

Deno.test("a buffer that drops nothing refuses when it is full, and takes again once there is room", async () => {
  const buffer = await open(new FakeDisk(), { epoch: 1, capBytes: 10_000, dropsOldest: false });
  let kept = 0;
  while (await buffer.append(record(String(kept), 1_000))) kept++;
  ok(kept >= 8 && kept <= 10, String(kept));
  equal(buffer.fill().dropped, 0);
  equal((await drain(buffer)).length, kept);
  ok(await buffer.append(record("again", 1_000)));
});

Deno.test("while the disk takes nothing records stay in memory, bounded, and reach the disk when it recovers", async () => {
  const disk = new FakeDisk();
  const buffer = await open(disk, { epoch: 1, memoryCapBytes: 5_000 });
  await buffer.append(record("before", 100));
  disk.failing = "disk.full";
  for (let n = 0; n < 100; n++) ok(await buffer.append(record(String(n), 100)));
  const { inMemory, dropped } = buffer.fill();
  ok(inMemory && dropped > 0 && dropped < 100, `${dropped} dropped`);
  disk.failing = null;
  await buffer.append(record("after", 100));
  ok(!buffer.fill().inMemory);
  const again = await open(disk, { epoch: 2 });
  const sent = await drain(again);
  equal(sent.length, 102 - dropped);
  deepEqual(
    sent.map(([id]) => id),
    sent.map(([id]) => id).toSorted((a, b) => Number(a.slice(2)) - Number(b.slice(2))),
  );
});

Deno.test("records that only memory holds can be sent while the disk is broken", async () => {
  const disk = new FakeDisk();
  disk.failing = "disk.failed";
  const buffer = await open(disk, { epoch: 1 });
  await buffer.append(record("a"));
  deepEqual(await drain(buffer), [["1/1", "a"]]);
  await buffer.append(record("b"));
  deepEqual(await drain(buffer), [["1/2", "b"]]);
});

Deno.test("a rotten byte costs the records behind it in its segment, no others, and never passes as a record", async () => {
  const disk = new FakeDisk();
  const buffer = await open(disk, { epoch: 1 });
  for (let n = 1; n <= 100; n++) await buffer.append(record(String(n), 1_000));
  const [path] = disk.paths;
  disk.corrupt(path!, 2_500);
  const sent = await drain(await open(disk, { epoch: 2 }));
  deepEqual(sent.slice(0, 2).map(([id]) => id), ["1/1", "1/2"]);
  for (const [id, content] of sent) equal(content.replace(/\.+$/, ""), id.slice(2));
});

Deno.test("a start over and over does not fill the disk with files", async () => {
  const disk = new FakeDisk();
  for (let epoch = 1; epoch <= 1_000; epoch++) {
    await (await open(disk, { epoch })).append(record(String(epoch)));
  }
  ok(disk.paths.length <= 512, `${disk.paths.length} files`);
});

type Action =
  | { readonly do: "append"; readonly sizeBytes: number }
  | { readonly do: "send"; readonly records: number; readonly acknowledged: boolean }
  | { readonly do: "restart" }
  | { readonly do: "cut"; readonly inOperation: number; readonly how: "before" | "torn" | "after" }
  | { readonly do: "fail"; readonly inOperation: number }
  | { readonly do: "break"; readonly broken: boolean };

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("append" as const),
      sizeBytes: fc.integer({ min: 1, max: 4_000 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("send" as const),
      records: fc.integer({ min: 1, max: 8 }),
      acknowledged: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restart" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("cut" as const),
      inOperation: fc.integer({ min: 0, max: 6 }),
      how: fc.constantFrom("before" as const, "torn" as const, "after" as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("fail" as const),
      inOperation: fc.integer({ min: 0, max: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("break" as const), broken: fc.boolean() }) },
);

/** What the outside world knows of the buffer. */
class Model {
  readonly disk = new FakeDisk();
  readonly random = new FakeRandom(7);
  buffer!: RecordBuffer;
  epoch = 0;
  next = 1;
  /** Everything that was appended for certain, by id. */
  readonly appended = new Map<string, string>();
  readonly acknowledged = new Set<string>();
  /** Appends in a life whose end may have taken them: interrupted, or made while the disk was broken. */
  readonly unsure = new Set<string>();
  dropped = 0;
  broken = false;

  async start(): Promise<void> {
    this.epoch += 256;
    this.next = 1;
    this.buffer = await open(this.disk, {
      epoch: this.epoch,
      capBytes: 200_000,
      memoryCapBytes: 8_000,
    });
  }

  async act(what: Action): Promise<void> {
    switch (what.do) {
      case "append":
        return await this.append(what.sizeBytes);
      case "send":
        return await this.send(what.records, what.acknowledged);
      case "break":
        this.broken = what.broken;
        this.disk.failing = what.broken ? "disk.full" : null;
        return;
      case "fail":
        this.disk.failAt(this.disk.operations + what.inOperation, "disk.failed");
        return;
      case "cut":
        this.disk.cutAt(this.disk.operations + what.inOperation, what.how);
        return;
      case "restart":
        return await this.end();
    }
  }

  /** The process ends; power may have failed. */
  async end(): Promise<void> {
    this.dropped += this.buffer.fill().dropped;
    this.disk.powerOn(this.random);
    this.disk.failing = null;
    this.broken = false;
    await this.start();
  }

  async append(sizeBytes: number): Promise<void> {
    const id = `${this.epoch}/${this.next++}`;
    this.appended.set(id, id.padEnd(sizeBytes, "."));
    this.unsure.add(id);
    try {
      await this.buffer.append(record(id, sizeBytes));
      // Records that were in memory reach the disk with the first that does.
      if (this.buffer.fill().inMemory) return;
      for (const one of this.unsure) {
        if (one.startsWith(`${this.epoch}/`)) this.unsure.delete(one);
      }
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      await this.end();
    }
  }

  async send(records: number, acknowledged: boolean): Promise<void> {
    try {
      const run = await this.buffer.oldest({ records, bytes: 50_000 });
      if (run === null) return;
      run.records.forEach((one, at) => {
        const id = `${run.epoch}/${run.first + at}`;
        equal(text(one), this.appended.get(id), id);
        if (acknowledged) this.acknowledged.add(id);
      });
      if (acknowledged) await this.buffer.release(run.epoch, run.first + run.records.length - 1);
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      await this.end();
    }
  }
}

Deno.test("nothing appended is lost, doubled, reordered or altered, whatever happens to process, power and disk", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(action, { minLength: 1, maxLength: 60, size: "max" }),
      async (actions) => {
        const model = new Model();
        await model.start();
        for (const what of actions) await model.act(what);
        await model.end();
        const sent = await drain(model.buffer);
        const ids = sent.map(([id]) => id);
        equal(new Set(ids).size, ids.length, "no id twice");
        for (const [id, content] of sent) equal(content, model.appended.get(id), id);
        const order = ids.map((id) => id.split("/").map(Number) as [number, number]);
        deepEqual(order, order.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]), "in order");
        const arrived = new Set([...ids, ...model.acknowledged]);
        const missing = [...model.appended.keys()]
          .filter((id) => !arrived.has(id) && !model.unsure.has(id));
        ok(
          missing.length <= model.dropped,
          `${missing.length} missing, ${model.dropped} counted: ${missing.slice(0, 5)}`,
        );
        ok(model.disk.usedBytes <= 200_000 + 4_100, `${model.disk.usedBytes} bytes`);
      },
    ),
    { numRuns: CASES },
  );
});
