/**
 * A disk in memory that breaks as real ones do: it fills up, refuses, loses at a power cut what was not flushed, and dies in
 * the middle of an operation. Every change is one numbered operation, so that a test can break the n-th for every n.
 *
 * @module
 */
import { dirname } from "node:path";
import type { Disk, DiskEntry, DiskErrorCode } from "@fleetd/agent";
import { DiskError } from "@fleetd/agent";
import type { FakeRandom } from "./fake_random.ts";

/** What a power cut leaves of the operation it hits: nothing of it, a part (append: torn), or all of it. */
export type CutOutcome = "before" | "torn" | "after";

/** Thrown by an operation that a power cut hit, and by every one until {@linkcode FakeDisk.powerOn}. */
export class PowerCut extends Error {
  override readonly name = "PowerCut";
}

interface StoredFile {
  bytes: Uint8Array;
  /** How many of them survive a power cut for sure. */
  durableBytes: number;
}

interface Break {
  readonly atOperation: number;
  readonly how: { readonly cut: CutOutcome } | { readonly code: DiskErrorCode };
}

/** {@linkcode Disk} in memory. */
export class FakeDisk implements Disk {
  readonly #files = new Map<string, StoredFile>();
  #break: Break | null = null;
  #dead = false;

  /** Changes (replace, append, flush, remove) begun so far; the next one has this number. */
  operations = 0;
  /** Bytes that all files together may hold. */
  capacityBytes = Number.MAX_SAFE_INTEGER;
  /** While set, every change fails with it. */
  failing: DiskErrorCode | null = null;

  // deno-lint-ignore require-await -- the port's methods are asynchronous, and reject rather than throw
  async read(path: string): Promise<Uint8Array | null> {
    this.#assertAlive();
    return this.#files.get(path)?.bytes.slice() ?? null;
  }

  // deno-lint-ignore require-await -- see read
  async replace(path: string, bytes: Uint8Array): Promise<void> {
    const before = this.#files.get(path)?.bytes.length ?? 0;
    const cut = this.#begin(path, bytes.length - before);
    // A rename happens or does not: it is never torn.
    if (cut !== "before" && cut !== "torn") {
      this.#files.set(path, { bytes: bytes.slice(), durableBytes: bytes.length });
    }
    this.#end(cut);
  }

  // deno-lint-ignore require-await -- see read
  async append(path: string, bytes: Uint8Array): Promise<void> {
    const cut = this.#begin(path, bytes.length);
    const kept = cut === "before" ? 0 : cut === "torn" ? Math.ceil(bytes.length / 2) : bytes.length;
    if (kept > 0) {
      const file = this.#files.get(path) ?? { bytes: new Uint8Array(0), durableBytes: 0 };
      const whole = new Uint8Array(file.bytes.length + kept);
      whole.set(file.bytes);
      whole.set(bytes.subarray(0, kept), file.bytes.length);
      // The part of a torn record that reached the medium did reach it.
      this.#files.set(path, {
        bytes: whole,
        durableBytes: cut === "torn" ? whole.length : file.durableBytes,
      });
    }
    this.#end(cut);
  }

  // deno-lint-ignore require-await -- see read
  async flush(path: string): Promise<void> {
    const cut = this.#begin(path, 0);
    const file = this.#files.get(path);
    if (file === undefined) {
      throw new DiskError("disk.failed", `Cannot flush "${path}": there is no such file`);
    }
    if (cut !== "before" && cut !== "torn") file.durableBytes = file.bytes.length;
    this.#end(cut);
  }

  // deno-lint-ignore require-await -- see read
  async list(directory: string): Promise<DiskEntry[]> {
    this.#assertAlive();
    return [...this.#files].filter(([path]) => dirname(path) === directory)
      .map(([path, { bytes }]) => ({
        name: path.slice(directory === "/" ? 1 : directory.length + 1),
        sizeBytes: bytes.length,
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  // deno-lint-ignore require-await -- see read
  async remove(path: string): Promise<void> {
    const cut = this.#begin(path, 0);
    if (cut !== "before" && cut !== "torn") this.#files.delete(path);
    this.#end(cut);
  }

  // deno-lint-ignore require-await -- see read
  async freeBytes(_directory: string): Promise<number> {
    this.#assertAlive();
    return Math.max(0, this.capacityBytes - this.usedBytes);
  }

  /** Bytes of all files. */
  get usedBytes(): number {
    return [...this.#files.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /** Paths of all files, sorted. */
  get paths(): string[] {
    return [...this.#files.keys()].sort();
  }

  /** Makes the change with this number fail. */
  failAt(operation: number, code: DiskErrorCode): void {
    this.#break = { atOperation: operation, how: { code } };
  }

  /** Cuts the power in the change with this number. */
  cutAt(operation: number, outcome: CutOutcome): void {
    this.#break = { atOperation: operation, how: { cut: outcome } };
  }

  /** Cuts the power now, between two changes. */
  cutPower(): void {
    this.#dead = true;
  }

  /**
   * Brings the disk back after a power cut. Of what was appended and not flushed nothing is left or, with `random`, a part
   * of its choice: anything between the two is what a real disk may do.
   */
  powerOn(random?: FakeRandom): void {
    this.#dead = false;
    this.#break = null;
    for (const [path, file] of this.#files) {
      const unsure = file.bytes.length - file.durableBytes;
      const left = random === undefined ? 0 : random.below(unsure + 1);
      const size = file.durableBytes + left;
      if (size === 0 && file.bytes.length > 0) this.#files.delete(path);
      else this.#files.set(path, { bytes: file.bytes.slice(0, size), durableBytes: size });
    }
  }

  /** Changes one byte of a file, as a failing medium does. */
  corrupt(path: string, at: number): void {
    const file = this.#files.get(path);
    if (file === undefined || at >= file.bytes.length) {
      throw new RangeError(`No byte ${at} in "${path}"`);
    }
    file.bytes[at]! ^= 0xff;
  }

  /** The same files on another disk that breaks on its own. */
  copy(): FakeDisk {
    const copy = new FakeDisk();
    for (const [path, { bytes, durableBytes }] of this.#files) {
      copy.#files.set(path, { bytes: bytes.slice(), durableBytes });
    }
    return copy;
  }

  /** @returns how the power is cut in this change, if it is */
  #begin(path: string, growthBytes: number): CutOutcome | null {
    this.#assertAlive();
    const operation = this.operations++;
    const due = this.#break?.atOperation === operation ? this.#break.how : null;
    const code = due !== null && "code" in due ? due.code : this.failing;
    if (code !== null) {
      throw new DiskError(code, `Cannot change "${path}": the fake disk was told so`);
    }
    if (growthBytes > 0 && this.usedBytes + growthBytes > this.capacityBytes) {
      throw new DiskError("disk.full", `Cannot change "${path}": the fake disk is full`);
    }
    return due !== null && "cut" in due ? due.cut : null;
  }

  #end(cut: CutOutcome | null): void {
    if (cut === null) return;
    this.#dead = true;
    this.#assertAlive();
  }

  #assertAlive(): void {
    if (this.#dead) throw new PowerCut("The fake disk has no power");
  }
}
