/**
 * What the owner has said, kept up to date: flags once, the bundle once, the directions file again and again.
 *
 * @module
 */
import { type Bundle, ProtocolError } from "@fleetd/firmware-protocol";
import type { Directions, Token } from "../agent_state.ts";
import type { Log } from "../log.ts";
import { type Disk, DiskError } from "../ports.ts";
import {
  directionsFrom,
  readBundle,
  readDirections,
  writeDirections,
  type WrittenDirections,
} from "../storage/directions_file.ts";
import { ShapeError } from "../storage/json_shape.ts";
import type { Layout } from "../storage/layout.ts";

/** What the flags said. */
export interface FlaggedDirections {
  readonly server: string | null;
  readonly token: Token | null;
}

/** What is needed to read directions. */
export interface OwnerDirectionsParts {
  readonly disk: Disk;
  readonly layout: Layout;
  readonly flags: FlaggedDirections;
  readonly log: Log;
}

/** The directions of one agent. */
export class OwnerDirections {
  private written: WrittenDirections = {};
  private complained = "";
  /** A used token given by a flag does not come back within this process. */
  private usedToken = "";

  private constructor(
    private readonly parts: OwnerDirectionsParts,
    /** The provisioned bundle, or `null`. */
    readonly bundle: Bundle | null,
  ) {}

  /**
   * Reads bundle and file.
   * @throws {DiskError} @throws {ProtocolError} when the bundle is damaged: a provisioned device never goes on without it
   */
  static async open(parts: OwnerDirectionsParts): Promise<OwnerDirections> {
    const directions = new OwnerDirections(parts, await readBundle(parts.disk, parts.layout));
    await directions.refresh();
    return directions;
  }

  /** What holds now. */
  get present(): Directions {
    const { flags } = this.parts;
    const directions = directionsFrom({ flags, written: this.written, bundle: this.bundle });
    const used = directions.token !== null && String(directions.token.id) === this.usedToken;
    return used ? { ...directions, token: null } : directions;
  }

  /** Whether the owner wants the present server given up. */
  get forget(): boolean {
    return this.written.forget === true;
  }

  /** Reads the file again; whether it says something new. A file that cannot be read says nothing new. */
  async refresh(): Promise<boolean> {
    const { disk, layout, flags } = this.parts;
    try {
      const written = await readDirections(disk, layout.directions);
      directionsFrom({ flags, written, bundle: this.bundle });
      const changed = JSON.stringify(written) !== JSON.stringify(this.written);
      this.written = written;
      this.complained = "";
      return changed;
    } catch (error) {
      if (!isReadFailure(error)) throw error;
      this.complain(error.message);
      return false;
    }
  }

  /** The token was used: it is taken out of the file. Never throws for the disk. */
  async forgetToken(id: Uint8Array): Promise<void> {
    if (String(this.present.token?.id) === String(id)) this.usedToken = String(id);
    const { token, ...rest } = this.written;
    if (token !== undefined && this.usedToken === String(id)) await this.rewrite(rest);
  }

  /** The server was given up: the wish is taken out of the file. Never throws for the disk. */
  async forgotServer(): Promise<void> {
    const { forget, ...rest } = this.written;
    if (forget) await this.rewrite(rest);
  }

  private async rewrite(directions: WrittenDirections): Promise<void> {
    const { disk, layout, log } = this.parts;
    this.written = directions;
    try {
      await writeDirections(disk, { path: layout.directions, directions });
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      log.warn("Cannot rewrite the directions file", {
        path: layout.directions,
        why: error.message,
      });
    }
  }

  private complain(why: string): void {
    if (why === this.complained) return;
    this.complained = why;
    const hint = "write it again with: fleetd enroll";
    this.parts.log.warn("Cannot read the directions file", {
      path: this.parts.layout.directions,
      why,
      hint,
    });
  }
}

function isReadFailure(error: unknown): error is Error {
  return error instanceof ShapeError || error instanceof ProtocolError ||
    error instanceof DiskError;
}
