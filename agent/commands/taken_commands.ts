/**
 * Which commands this device has taken. The highest id is on disk before the first thing of a command happens, so that no
 * crash runs one twice; what was begun and never answered is answered `interrupted` at the next start (PROTOCOL §7).
 *
 * @module
 */
import { countOf, objectOf } from "../storage/json_shape.ts";
import { SavedFile, type SavedFileParts, type SavedFormat } from "../storage/saved_file.ts";

interface Taken {
  /** Highest id taken, 0 for none. */
  readonly through: number;
  /** Id of the command that was begun and is not answered, or 0. */
  readonly begun: number;
}

const FORMAT: SavedFormat<Taken> = {
  toJson: (taken) => taken,
  fromJson(json) {
    const { through, begun } = objectOf(json, "commands");
    return { through: countOf(through, "an id"), begun: countOf(begun, "an id") };
  },
};

/** The ledger of one device. */
export class TakenCommands {
  private constructor(private readonly file: SavedFile<Taken>) {}

  /** @throws {DiskError} */
  static async open(parts: Omit<SavedFileParts<Taken>, "format">): Promise<TakenCommands> {
    return new TakenCommands(await SavedFile.open({ ...parts, format: FORMAT }));
  }

  /** Highest id taken, 0 for none. */
  get through(): number {
    return this.file.value?.through ?? 0;
  }

  /** Id of a command that was begun and never answered, or `null`. */
  get interrupted(): number | null {
    return this.file.value?.begun || null;
  }

  /** Takes a command: durable when it resolves; only then it may begin. @throws {DiskError} */
  begin(id: number): Promise<void> {
    return this.file.save({ through: Math.max(id, this.through), begun: id });
  }

  /** The command's answer is in the report queue. @throws {DiskError} */
  answered(): Promise<void> {
    return this.file.save({ through: this.through, begun: 0 });
  }
}
