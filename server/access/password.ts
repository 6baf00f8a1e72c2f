/**
 * @module
 * Passwords: Argon2id (RFC 9106) in PHC strings, so that its cost can grow later. One hash takes a fifth
 * of a second of this thread; it is done in slices of a few milliseconds, one after the other, so that
 * devices' messages pass in between.
 */
import { argon2idAsync } from "@noble/hashes/argon2.js";
import { Buffer } from "node:buffer";
import { timingSafeEqual } from "node:crypto";
import { DomainError } from "../errors.ts";

/** What a hash costs. */
export interface PasswordCost {
  /** Memory, KiB. */
  readonly memoryKiB: number;
  readonly passes: number;
}

/** The least that OWASP's cheat sheet asks for with one lane: 19 MiB, 2 passes. */
export const PASSWORD_COST: PasswordCost = Object.freeze({ memoryKiB: 19_456, passes: 2 });

/** Shortest password taken, in characters. */
export const PASSWORD_MIN = 12;
/** Longest password taken, in characters. */
export const PASSWORD_MAX = 128;

/** Hashes waiting at once: more than a person's hurry, less than an attacker would like. */
const MAX_WAITING = 16;
const SLICE_MS = 4;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const PHC =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=1\$([A-Za-z0-9+/]{11,})\$([A-Za-z0-9+/]{43})$/;

/** What comparing a password with its hash found. */
export interface PasswordCheck {
  readonly ok: boolean;
  /** It was made at another cost and should be made again, now that the password is known. */
  readonly outdated: boolean;
}

/** Makes and checks hashes, one at a time. */
export class Passwords {
  readonly #random: (length: number) => Uint8Array;
  readonly #cost: PasswordCost;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(
    { random, cost = PASSWORD_COST }: {
      random: (length: number) => Uint8Array;
      cost?: PasswordCost;
    },
  ) {
    this.#random = random;
    this.#cost = cost;
  }

  /**
   * A PHC string of the password.
   * @throws DomainError `sign_in.busy`
   */
  async hash(password: string): Promise<string> {
    const { memoryKiB, passes } = this.#cost;
    const salt = this.#random(SALT_BYTES);
    const hash = await this.#derive(password, { salt, cost: this.#cost });
    return `$argon2id$v=19$m=${memoryKiB},t=${passes},p=1$${base64(salt)}$${base64(hash)}`;
  }

  /**
   * Whether the password is the one behind the PHC string. Without one (no such user, no password yet) the
   * same work is done, and the answer is no.
   * @throws DomainError `sign_in.busy`
   */
  async check(password: string, stored: string | null): Promise<PasswordCheck> {
    const parts = stored === null ? null : PHC.exec(stored);
    const cost = parts === null
      ? this.#cost
      : { memoryKiB: Number(parts[1]), passes: Number(parts[2]) };
    const salt = parts === null ? new Uint8Array(SALT_BYTES) : Buffer.from(parts[3]!, "base64");
    const hash = await this.#derive(password, { salt, cost });
    const wanted = parts === null ? new Uint8Array(HASH_BYTES) : Buffer.from(parts[4]!, "base64");
    const ok = timingSafeEqual(hash, wanted) && parts !== null;
    const outdated = cost.memoryKiB !== this.#cost.memoryKiB || cost.passes !== this.#cost.passes;
    return { ok, outdated };
  }

  async #derive(
    password: string,
    { salt, cost }: { salt: Uint8Array; cost: PasswordCost },
  ): Promise<Uint8Array> {
    if (this.#waiting >= MAX_WAITING) {
      throw new DomainError(
        "sign_in.busy",
        "Cannot sign in now: many others are signing in; try again in 5 s",
        { retryAfterS: 5 },
      );
    }
    this.#waiting += 1;
    const turn = this.#last.then(() =>
      argon2idAsync(password.normalize("NFC"), salt, {
        m: cost.memoryKiB,
        t: cost.passes,
        p: 1,
        dkLen: HASH_BYTES,
        asyncTick: SLICE_MS,
      })
    );
    this.#last = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      this.#waiting -= 1;
    }
  }
}

/** Passwords of twelve characters and more that every guesser tries first. */
const WELL_KNOWN: ReadonlySet<string> = new Set([
  "123456789012",
  "1234567890123",
  "12345678901234",
  "123456789012345",
  "1234567890123456",
  "administrator",
  "adminadminadmin",
  "changemeplease",
  "iloveyouforever",
  "letmeinletmein",
  "passwordpassword",
  "password1234",
  "password12345",
  "password123456",
  "qwertyuiop123",
  "qwertyuiopasdfghjkl",
  "qwertyqwerty",
  "raspberrypi1",
  "raspberryraspberry",
  "trustno1trustno1",
]);

/**
 * Refuses what would be guessed: too short, one character over and over, well known, or the user's own name.
 * No rules about kinds of characters (NIST SP 800-63B §5.1.1.2).
 * @throws DomainError `password.weak`
 */
export function checkNewPassword(password: string, userName: string): void {
  const weak = (reason: string) =>
    new DomainError("password.weak", `Cannot take this password: ${reason}`);
  const text = password.normalize("NFC");
  const length = [...text].length;
  if (length < PASSWORD_MIN) {
    throw weak(
      `it has ${length} characters and needs ${PASSWORD_MIN} or more; a few words will do`,
    );
  }
  if (length > PASSWORD_MAX) throw weak(`it is longer than ${PASSWORD_MAX} characters`);
  const plain = text.toLowerCase();
  if (new Set(plain).size < 4) throw weak("it repeats the same few characters");
  if (WELL_KNOWN.has(plain)) throw weak("it is one of those that are tried first");
  const name = userName.toLowerCase();
  if (plain === name || plain.replaceAll(name, "").length < 4) {
    throw weak("it is little more than the user's name");
  }
}

/** As PHC strings want it: without padding. */
function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64").replace(/=+$/, "");
}
