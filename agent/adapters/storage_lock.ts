/**
 * One agent per storage directory: a lock that the kernel gives back when the process dies, however it dies.
 *
 * @module
 */

/** A lock that is held. */
export interface StorageLock {
  release(): void;
}

/**
 * Takes the lock, making directory and file when needed; `null` when another process holds it.
 * @throws {Error} when the file cannot be made
 */
export async function lockStorage(path: string): Promise<StorageLock | null> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true, mode: 0o700 });
  const file = await Deno.open(path, { write: true, create: true, mode: 0o600 });
  if (!await file.tryLock(true)) {
    file.close();
    return null;
  }
  return { release: () => file.close() };
}
