/**
 * Storage that survives power cuts: a file is replaced by writing beside it, fsync, rename, fsync of the directory.
 *
 * Small synchronous calls (open, write, rename) cost a few microseconds and are made in place; what really waits for the
 * medium (fsync) is asynchronous, so that a slow SD card does not stop the agent. Operations on one path run one after
 * the other in the order of their calls.
 *
 * @module
 */
import { statfs } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Disk, DiskEntry } from "../ports.ts";
import { DiskError, type DiskErrorCode } from "../ports.ts";

/** Names of files that are being written and not yet renamed; one of a process that died stays behind. */
const UNFINISHED = /^\..*\.\d+\.tmp$/;
/** No write takes this long: an unfinished file older than this belongs to nobody. */
const ABANDONED_AFTER_MS = 10 * 60_000;

/** {@linkcode Disk} on Deno. Keeps no file open between calls. */
export class DenoDisk implements Disk {
  /** The last operation on each busy path. */
  readonly #busy = new Map<string, Promise<unknown>>();
  /** Appended files whose directory entry this process has made durable. */
  readonly #entryDurable = new Set<string>();
  readonly #swept = new Set<string>();

  read(path: string): Promise<Uint8Array | null> {
    return this.#inTurn(path, "read", async () => {
      // A file that may come some day is looked for again and again: that it is absent costs no thread.
      if (statOrNull(path) === null) return null;
      try {
        return await Deno.readFile(path);
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return null;
        throw error;
      }
    });
  }

  replace(path: string, bytes: Uint8Array): Promise<void> {
    return this.#inTurn(path, "write", async () => {
      const directory = dirname(path);
      const unfinished = join(directory, `.${basename(path)}.${Deno.pid}.tmp`);
      this.#sweep(directory);
      const file = await openForWriting(unfinished, { write: true, truncate: true });
      try {
        try {
          writeAll(file, bytes);
          await file.sync();
        } finally {
          file.close();
        }
        Deno.renameSync(unfinished, path);
      } catch (error) {
        removeIfThere(unfinished);
        throw error;
      }
      await syncDirectory(directory);
    });
  }

  append(path: string, bytes: Uint8Array): Promise<void> {
    return this.#inTurn(path, "append to", async () => {
      const file = await openForWriting(path, { append: true });
      try {
        const sizeBytes = file.statSync().size;
        try {
          writeAll(file, bytes);
        } catch (error) {
          cutBack(file, sizeBytes);
          throw error;
        }
      } finally {
        file.close();
      }
    });
  }

  flush(path: string): Promise<void> {
    return this.#inTurn(path, "flush", async () => {
      const file = Deno.openSync(path, { append: true });
      try {
        await file.syncData();
      } finally {
        file.close();
      }
      if (this.#entryDurable.has(path)) return;
      await syncDirectory(dirname(path));
      this.#entryDurable.add(path);
    });
  }

  list(directory: string): Promise<DiskEntry[]> {
    return this.#inTurn(directory, "list", () => Promise.resolve(plainFiles(directory)));
  }

  remove(path: string): Promise<void> {
    return this.#inTurn(path, "remove", async () => {
      this.#entryDurable.delete(path);
      if (removeIfThere(path)) await syncDirectory(dirname(path));
    });
  }

  freeBytes(directory: string): Promise<number> {
    return this.#inTurn(directory, "measure", async () => {
      const { bavail, bsize } = await statfs(nearestExisting(directory));
      return bavail * bsize;
    });
  }

  /** Removes what processes that died left unfinished in this directory, once. */
  #sweep(directory: string): void {
    if (this.#swept.has(directory)) return;
    this.#swept.add(directory);
    for (const name of unfinishedFiles(directory)) removeIfThere(join(directory, name));
  }

  async #inTurn<T>(path: string, act: string, work: () => Promise<T>): Promise<T> {
    const before = this.#busy.get(path);
    const turn = (async () => {
      await before?.catch(() => {});
      return await work();
    })();
    this.#busy.set(path, turn);
    try {
      return await turn;
    } catch (error) {
      throw asDiskError(error, `${act} "${path}"`);
    } finally {
      if (this.#busy.get(path) === turn) this.#busy.delete(path);
    }
  }
}

type WriteMode = { write: true; truncate: true } | { append: true };

/** Opens a private file, making it and the directories above it when they are missing. */
async function openForWriting(path: string, mode: WriteMode): Promise<Deno.FsFile> {
  const options = { ...mode, create: true, mode: 0o600 };
  try {
    return Deno.openSync(path, options);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    await makeDirectory(dirname(path));
    return Deno.openSync(path, options);
  }
}

/** Makes a private directory with all above it, durably. */
async function makeDirectory(path: string): Promise<void> {
  try {
    Deno.mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return;
    if (!(error instanceof Deno.errors.NotFound) || dirname(path) === path) throw error;
    await makeDirectory(dirname(path));
    return makeDirectory(path);
  }
  await syncDirectory(dirname(path));
}

function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
}

/** Takes a half-written record off the end; where even that fails, the reader finds it torn. */
function cutBack(file: Deno.FsFile, sizeBytes: number): void {
  try {
    file.truncateSync(sizeBytes);
  } catch {
    // The first failure is the one to report.
  }
}

/** Makes renames, new names and removals in a directory durable. */
async function syncDirectory(path: string): Promise<void> {
  const directory = Deno.openSync(path, { read: true });
  try {
    await directory.sync();
  } finally {
    directory.close();
  }
}

/** @returns whether there was a file. */
function removeIfThere(path: string): boolean {
  try {
    Deno.removeSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function plainFiles(directory: string): DiskEntry[] {
  const found: DiskEntry[] = [];
  for (const name of namesOf(directory)) {
    if (UNFINISHED.test(name)) continue;
    const info = statOrNull(join(directory, name));
    if (info?.isFile) found.push({ name, sizeBytes: info.size });
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function unfinishedFiles(directory: string): string[] {
  const nowMs = Date.now();
  return namesOf(directory).filter((name) => {
    if (!UNFINISHED.test(name)) return false;
    const writtenAtMs = statOrNull(join(directory, name))?.mtime?.getTime() ?? nowMs;
    return nowMs - writtenAtMs > ABANDONED_AFTER_MS;
  });
}

function namesOf(directory: string): string[] {
  try {
    return Array.from(Deno.readDirSync(directory), (entry) => entry.name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** `null` for a file that went away between listing and looking. */
function statOrNull(path: string): Deno.FileInfo | null {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

function nearestExisting(path: string): string {
  while (statOrNull(path) === null && dirname(path) !== path) path = dirname(path);
  return path;
}

const FULL = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
const DENIED = new Set(["EACCES", "EPERM", "EROFS"]);

const ADVICE: Record<DiskErrorCode, string> = {
  "disk.full": "no space is left; free some on that file system",
  "disk.denied": "not permitted, or the file system is read-only; check owner and mount",
  "disk.failed": "the system refused; check the medium and the kernel's log",
};

function asDiskError(error: unknown, act: string): DiskError {
  if (error instanceof DiskError) return error;
  const code = diskErrorCode(error);
  return new DiskError(code, `Cannot ${act}: ${ADVICE[code]}`, { cause: error });
}

function diskErrorCode(error: unknown): DiskErrorCode {
  const systemCode = (error as { code?: unknown } | null)?.code;
  if (typeof systemCode === "string") {
    if (FULL.has(systemCode)) return "disk.full";
    if (DENIED.has(systemCode)) return "disk.denied";
  }
  if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
    return "disk.denied";
  }
  return "disk.failed";
}
