/**
 * Sequence numbers that are never used twice, over every crash: blocks of 256 are reserved on disk before the first of
 * them is used (PROTOCOL §4). They belong to the device, not to a kid, so that epochs taken from them only grow.
 *
 * @module
 */
import { countOf, objectOf } from "./json_shape.ts";
import { SavedFile, type SavedFileParts, type SavedFormat } from "./saved_file.ts";

/** Numbers reserved by one write. */
export const SEQUENCE_BLOCK = 256;

const FORMAT: SavedFormat<number> = {
  toJson: (reservedThrough) => ({ reservedThrough }),
  fromJson: (json) => countOf(objectOf(json, "a sequence").reservedThrough, "a count"),
};

/** The device's sequence. */
export class Sequence {
  readonly #file: SavedFile<number>;
  #last: number;
  #reservedThrough: number;
  #busy: Promise<unknown> = Promise.resolve();

  private constructor(file: SavedFile<number>) {
    this.#file = file;
    // A damaged file may hide the newest reservation: what it could have reserved is passed over.
    this.#last = (file.value ?? 0) + (file.damaged ? SEQUENCE_BLOCK : 0);
    this.#reservedThrough = this.#last;
  }

  /** @throws {DiskError} */
  static async open(parts: Omit<SavedFileParts<number>, "format">): Promise<Sequence> {
    return new Sequence(await SavedFile.open({ ...parts, format: FORMAT }));
  }

  /** A number higher than any given out before, 1 to 2^53−1. @throws {DiskError} when none can be reserved. */
  next(): Promise<number> {
    return this.#alone(async () => {
      if (this.#last >= this.#reservedThrough) await this.#reserve(this.#last + SEQUENCE_BLOCK);
      return ++this.#last;
    });
  }

  /** Goes on after `seq`, which the server has seen. A lower one changes nothing. @throws {DiskError} */
  passOver(seq: number): Promise<void> {
    return this.#alone(async () => {
      if (seq <= this.#last) return;
      if (seq > this.#reservedThrough) await this.#reserve(seq + SEQUENCE_BLOCK);
      this.#last = seq;
    });
  }

  async #reserve(through: number): Promise<void> {
    await this.#file.save(through);
    this.#reservedThrough = through;
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#busy.then(work);
    this.#busy = turn.catch(() => {});
    return turn;
  }
}
