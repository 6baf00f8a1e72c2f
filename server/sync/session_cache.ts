/**
 * @module
 * What a server remembers of sessions between messages: their keys, which never change, and the row their
 * last message left, which is held against the database before it is believed.
 */
import type { ReadyKeys } from "../identity/session_keys.ts";
import type { SyncRow } from "./sync_records.ts";

/** Sessions remembered: about 1.5 KB each. */
export const REMEMBERED_SESSIONS = 20_000;

/** One session. */
export interface RememberedSession {
  readonly keys: ReadyKeys;
  /** The row as the last message of this session left it. */
  row: SyncRow | undefined;
  /** The terms of the last reply sealed here: what the device was last told of its state and interval. */
  told: number | undefined;
  /**
   * Boot of the last message whose number was too low and that was not heard before. Not kept in the database:
   * whoever replays recordings would have it written to.
   */
  behindBootId: number | undefined;
}

/** Sessions by kid; the least recently used one goes first. */
export class SessionCache {
  readonly #entries = new Map<string, RememberedSession>();
  readonly #byDevice = new Map<number, RememberedSession>();
  readonly #limit: number;

  constructor(limit: number = REMEMBERED_SESSIONS) {
    this.#limit = limit;
  }

  /** @param kid 8 bytes */
  get(kid: Uint8Array): RememberedSession | undefined {
    const name = nameOf(kid);
    const session = this.#entries.get(name);
    // Moving an entry costs more than finding it, and matters only when something must go.
    if (session !== undefined && this.#entries.size * 2 > this.#limit) {
      this.#entries.delete(name);
      this.#entries.set(name, session);
    }
    return session;
  }

  set(kid: Uint8Array, session: RememberedSession): void {
    if (this.#entries.size >= this.#limit) {
      for (const oldest of this.#entries.keys()) {
        this.#entries.delete(oldest);
        break;
      }
    }
    this.#entries.set(nameOf(kid), session);
  }

  delete(kid: Uint8Array): void {
    this.#entries.delete(nameOf(kid));
  }

  /** Notes the row a message left. */
  remember(session: RememberedSession, row: SyncRow): void {
    session.row = row;
    if (this.#byDevice.size >= this.#limit && !this.#byDevice.has(row.deviceId)) {
      this.#byDevice.clear();
    }
    this.#byDevice.set(row.deviceId, session);
  }

  /** Forgets the row of a device that somebody changed; the next message reads it. */
  forget(deviceId: number): void {
    const session = this.#byDevice.get(deviceId);
    if (session !== undefined) session.row = undefined;
  }

  /** Sessions now. */
  get size(): number {
    return this.#entries.size;
  }
}

/** One character for each byte: the cheapest text that tells kids apart. */
export function nameOf(kid: Uint8Array): string {
  return String.fromCharCode(
    kid[0]!,
    kid[1]!,
    kid[2]!,
    kid[3]!,
    kid[4]!,
    kid[5]!,
    kid[6]!,
    kid[7]!,
  );
}
