/**
 * Files that must survive: state in two generations, and sequence numbers that are never used twice.
 *
 * @module
 */
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { SavedFile, type SavedFormat, Sequence } from "@fleetd/agent";
import { FakeDisk, PowerCut } from "../fakes/mod.ts";

const FORMAT: SavedFormat<number> = {
  toJson: (value) => ({ value }),
  fromJson(json) {
    const { value } = json as { value: unknown };
    if (typeof value !== "number") throw new TypeError("no number");
    return value;
  },
};
const PATH = "/state/thing";
const open = (disk: FakeDisk) => SavedFile.open({ disk, path: PATH, format: FORMAT });

Deno.test("a saved value is there again, and saving the same costs nothing", async () => {
  const disk = new FakeDisk();
  const file = await open(disk);
  equal(file.value, null);
  await file.save(1);
  await file.save(2);
  const { operations } = disk;
  await file.save(2);
  equal(disk.operations, operations);
  const again = await open(disk);
  equal(again.value, 2);
  equal(again.damaged, false);
  await again.save(2);
  equal(disk.operations, operations);
});

Deno.test("a rotten byte anywhere in the newest file leaves the generation before, and says so", async () => {
  const disk = new FakeDisk();
  const file = await open(disk);
  await file.save(1);
  await file.save(2);
  const newest = `${PATH}.0.json`;
  const sizeBytes = (await disk.read(newest))!.length;
  for (let at = 0; at < sizeBytes; at++) {
    const rotten = disk.copy();
    rotten.corrupt(newest, at);
    const read = await open(rotten);
    deepEqual([read.value, read.damaged], [1, true], `byte ${at}`);
    await read.save(3);
    equal((await open(rotten)).value, 3);
  }
});

Deno.test("a value of another shape counts as damaged", async () => {
  const disk = new FakeDisk();
  const other: SavedFormat<string> = { toJson: (value) => ({ value }), fromJson: String };
  await (await SavedFile.open({ disk, path: PATH, format: other })).save("text");
  const read = await open(disk);
  deepEqual([read.value, read.damaged], [null, true]);
});

Deno.test("power cut in any operation leaves the old value or the new one", async () => {
  for (const how of ["before", "torn", "after"] as const) {
    const disk = new FakeDisk();
    const file = await open(disk);
    await file.save(1);
    disk.cutAt(disk.operations, how);
    await rejects(file.save(2), PowerCut);
    disk.powerOn();
    const { value } = await open(disk);
    equal(value, how === "after" ? 2 : 1, how);
  }
});

Deno.test("sequence numbers grow by one and cost one write in 256", async () => {
  const disk = new FakeDisk();
  const sequence = await Sequence.open({ disk, path: PATH });
  for (let n = 1; n <= 1_000; n++) equal(await sequence.next(), n);
  equal(disk.operations, 4);
});

Deno.test("no sequence number is given twice, wherever the power goes and whatever rots", async () => {
  for (let n = 0; n < 6; n++) {
    for (const how of ["before", "torn", "after"] as const) {
      const disk = new FakeDisk();
      let last = 0;
      const use = async (sequence: Sequence, count: number) => {
        for (let at = 0; at < count; at++) {
          const seq = await sequence.next();
          ok(seq > last, `${seq} after ${last}`);
          last = seq;
        }
      };
      disk.cutAt(n, how);
      try {
        await use(await Sequence.open({ disk, path: PATH }), 2_000);
      } catch (error) {
        ok(error instanceof PowerCut);
      }
      disk.powerOn();
      await use(await Sequence.open({ disk, path: PATH }), 600);
      for (const path of disk.paths) {
        const rotten = disk.copy();
        rotten.corrupt(path, 3);
        const before = last;
        await use(await Sequence.open({ disk: rotten, path: PATH }), 10);
        last = before;
      }
    }
  }
});

Deno.test("passing over a number reserves behind it before it is used", async () => {
  const disk = new FakeDisk();
  const sequence = await Sequence.open({ disk, path: PATH });
  equal(await sequence.next(), 1);
  await sequence.passOver(100_000);
  equal(await sequence.next(), 100_001);
  await sequence.passOver(5);
  equal(await sequence.next(), 100_002);
  ok(await (await Sequence.open({ disk, path: PATH })).next() > 100_002);
});

Deno.test("numbers asked for at once are all different", async () => {
  const sequence = await Sequence.open({ disk: new FakeDisk(), path: PATH });
  const all = await Promise.all(Array.from({ length: 600 }, () => sequence.next()));
  equal(new Set(all).size, 600);
});
