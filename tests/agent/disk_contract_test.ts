/**
 * What the Disk port promises, held against the real adapter and against the fake that stands for it: a fake that promises
 * more than the disk would make every other test worthless.
 *
 * @module
 */
import { DenoDisk, type Disk, DiskError } from "@fleetd/agent";
import assert from "node:assert/strict";
import { join } from "node:path";
import { FakeDisk } from "../fakes/mod.ts";

interface Subject {
  readonly name: string;
  /** Runs a test on a fresh disk with an empty, not yet existing directory. */
  readonly on: (test: (disk: Disk, directory: string) => Promise<void>) => Promise<void>;
}

const SUBJECTS: readonly Subject[] = [
  { name: "DenoDisk", on: onDenoDisk },
  { name: "FakeDisk", on: (test) => test(new FakeDisk(), "/var/lib/fleetd") },
];

async function onDenoDisk(test: (disk: Disk, directory: string) => Promise<void>): Promise<void> {
  const parent = await Deno.makeTempDir({ prefix: "fleetd-disk-" });
  try {
    await test(new DenoDisk(), join(parent, "deep", "storage"));
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
}

const bytes = (...values: number[]) => Uint8Array.from(values);

for (const { name, on } of SUBJECTS) {
  Deno.test(`${name}: a file that does not exist reads as null, and its directory lists as empty`, () =>
    on(async (disk, directory) => {
      assert.equal(await disk.read(join(directory, "none")), null);
      assert.deepEqual(await disk.list(directory), []);
    }));

  Deno.test(`${name}: replace makes the directory, then the content is the last one written`, () =>
    on(async (disk, directory) => {
      const path = join(directory, "state");
      await disk.replace(path, bytes(1, 2, 3));
      assert.deepEqual(await disk.read(path), bytes(1, 2, 3));
      await disk.replace(path, bytes());
      assert.deepEqual(await disk.read(path), bytes());
      assert.deepEqual(await disk.list(directory), [{ name: "state", sizeBytes: 0 }]);
    }));

  Deno.test(`${name}: append adds at the end, in the order of the calls, also when nobody waits between them`, () =>
    on(async (disk, directory) => {
      const path = join(directory, "segment");
      await Promise.all(
        Array.from({ length: 50 }, (_, number) => disk.append(path, bytes(number))),
      );
      await disk.flush(path);
      assert.deepEqual(
        await disk.read(path),
        Uint8Array.from({ length: 50 }, (_, number) => number),
      );
    }));

  Deno.test(`${name}: what is read or was written is the caller's own copy`, () =>
    on(async (disk, directory) => {
      const path = join(directory, "state");
      const content = bytes(1);
      await disk.replace(path, content);
      content[0] = 9;
      const read = await disk.read(path);
      assert.deepEqual(read, bytes(1));
      read![0] = 9;
      assert.deepEqual(await disk.read(path), bytes(1));
    }));

  Deno.test(`${name}: list is sorted and shows files alone, remove forgets them and does not mind their absence`, () =>
    on(async (disk, directory) => {
      for (const file of ["b", "a", "c"]) await disk.append(join(directory, file), bytes(1, 2));
      await disk.replace(join(directory, "below", "d"), bytes(1));
      assert.deepEqual(await disk.list(directory), [
        { name: "a", sizeBytes: 2 },
        { name: "b", sizeBytes: 2 },
        { name: "c", sizeBytes: 2 },
      ]);
      await disk.remove(join(directory, "b"));
      await disk.remove(join(directory, "b"));
      assert.deepEqual((await disk.list(directory)).map((entry) => entry.name), ["a", "c"]);
    }));

  Deno.test(`${name}: flush of a file that is not there fails`, () =>
    on(async (disk, directory) => {
      await assert.rejects(disk.flush(join(directory, "none")), DiskError);
    }));

  Deno.test(`${name}: free space is told also for a directory that is still to be made`, () =>
    on(async (disk, directory) => {
      assert.ok(await disk.freeBytes(directory) > 0);
    }));
}
