/**
 * A small value that survives everything: two files are written in turn, each whole, checksummed and durable, so that the
 * generation before the last one is always there. A file that is torn, rotten or of another shape is passed over.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import { type Disk, DiskError } from "../ports.ts";
import { objectOf } from "./json_shape.ts";
import type { ReservedSpace } from "./reserved_space.ts";

/** How a value becomes JSON and back. */
export interface SavedFormat<T> {
  /** A value that JSON can hold; equal values give equal JSON. */
  toJson(value: T): unknown;
  /** Throws when the JSON is not such a value. */
  fromJson(json: unknown): T;
}

/** What a saved file needs. */
export interface SavedFileParts<T> {
  readonly disk: Disk;
  /** Path without the ending: `.0.json` and `.1.json` are added. */
  readonly path: string;
  readonly format: SavedFormat<T>;
  /** Given up when the disk is full, so that control files can still be written. */
  readonly reserve?: ReservedSpace;
}

interface Generation<T> {
  readonly number: number;
  readonly value: T;
  readonly text: string;
}

/** One value on disk. */
export class SavedFile<T> {
  readonly #parts: SavedFileParts<T>;
  #latest: Generation<T> | null;

  private constructor(
    parts: SavedFileParts<T>,
    latest: Generation<T> | null,
    /** Whether a file was there that could not be read: the value may be one generation old, or lost. */
    readonly damaged: boolean,
  ) {
    this.#parts = parts;
    this.#latest = latest;
  }

  /** Reads what is there. @throws {DiskError} when the disk does not answer. */
  static async open<T>(parts: SavedFileParts<T>): Promise<SavedFile<T>> {
    let latest: Generation<T> | null = null;
    let damaged = false;
    for (const slot of [0, 1]) {
      const bytes = await parts.disk.read(slotPath(parts.path, slot));
      if (bytes === null) continue;
      const generation = parse(bytes, parts.format);
      if (generation === null) damaged = true;
      else if (latest === null || generation.number > latest.number) latest = generation;
    }
    return new SavedFile(parts, latest, damaged);
  }

  /** The newest whole value, or `null` when there is none. */
  get value(): T | null {
    return this.#latest?.value ?? null;
  }

  /** Saves; durable when it resolves. The same value again costs nothing. @throws {DiskError} */
  async save(value: T): Promise<void> {
    const text = JSON.stringify(this.#parts.format.toJson(value));
    if (text === this.#latest?.text) return;
    const number = (this.#latest?.number ?? 0) + 1;
    const { disk, path, reserve } = this.#parts;
    const bytes = serialise(number, text);
    try {
      await disk.replace(slotPath(path, number % 2), bytes);
    } catch (error) {
      if (!(error instanceof DiskError) || error.code !== "disk.full" || !await reserve?.spend()) {
        throw error;
      }
      await disk.replace(slotPath(path, number % 2), bytes);
    }
    this.#latest = { number, value, text };
  }
}

/** Path of one of the two files. */
export function slotPath(path: string, slot: number): string {
  return `${path}.${slot}.json`;
}

function serialise(number: number, text: string): Uint8Array {
  const body = `{"generation":${number},"value":${text}}\n`;
  const sum = crc32(body).toString(16).padStart(8, "0");
  return new TextEncoder().encode(`${body}${sum}\n`);
}

function parse<T>(bytes: Uint8Array, format: SavedFormat<T>): Generation<T> | null {
  const [body = "", sum = "", ...rest] = new TextDecoder().decode(bytes).split("\n");
  if (rest.join("") !== "" || crc32(`${body}\n`).toString(16).padStart(8, "0") !== sum) return null;
  try {
    const { generation, value } = objectOf(JSON.parse(body), "a saved file");
    const text = JSON.stringify(value);
    return { number: Number(generation), value: format.fromJson(value), text };
  } catch {
    return null;
  }
}
