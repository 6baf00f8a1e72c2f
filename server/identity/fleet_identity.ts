/**
 * @module
 * Who this fleet is: its id, its name, the server's static X25519 key made at the first start, and the
 * server epoch. All servers of a fleet share them through the database.
 */
import {
  fingerprintOf,
  generateKeyPair,
  helloCodec,
  type KeyPair,
  keyPairFromSecret,
  PROTOCOL,
  type RandomBytes,
  sha256,
} from "@fleetd/firmware-protocol";
import type { Clock } from "../clock.ts";
import type { Awaitable, Transactions, Tx } from "../transaction.ts";
import type { KeyWrap } from "./key_wrap.ts";

/** The one row of the fleet. */
export interface FleetRecord {
  /** 8 random bytes. */
  readonly fleetId: Uint8Array;
  readonly name: string;
  /** uint32, ≥ 1. */
  readonly serverEpoch: number;
  readonly publicKey: Uint8Array;
  readonly secretKeyWrapped: Uint8Array;
  readonly createdAtMs: number;
}

/** Where the fleet's row is kept. */
export interface FleetRecords {
  load(): Awaitable<FleetRecord | undefined>;
  /** Writes the row unless there is one. */
  insert(tx: Tx, record: FleetRecord): Awaitable<void>;
  /**
   * After a restore: the epoch grows, every active kid must echo a nonce, every enrolment token ends.
   * @returns the new epoch
   */
  markRestored(
    tx: Tx,
    restored: { readonly nowMs: number; readonly nonce: () => Uint8Array },
  ): Awaitable<number>;
}

/** The fleet as the server knows it while it runs. */
export interface FleetIdentity {
  readonly fleetId: Uint8Array;
  readonly name: string;
  readonly serverEpoch: number;
  readonly keyPair: KeyPair;
  /** 6×4 letters, for people to compare. */
  readonly fingerprint: string;
  /** The constant answer to hello, ≤ 256 bytes. */
  readonly hello: Uint8Array;
  /** SHA-256 of it. */
  readonly helloDigest: Uint8Array;
}

const SERVER_KEY = "server static key";

/**
 * Loads the fleet's identity, or makes it at the first start.
 * @param options.name of a fleet that is made now, at most 64 bytes
 * @throws DomainError `identity.key_missing` when the wrap is not the one of this database
 */
export async function openFleetIdentity(
  { records, transactions, wrap, random, clock, name }: {
    records: FleetRecords;
    transactions: Transactions;
    wrap: KeyWrap;
    random: RandomBytes;
    clock: Clock;
    name: string;
  },
): Promise<FleetIdentity> {
  if (await records.load() === undefined) {
    const keys = generateKeyPair(random);
    await transactions.write((tx) =>
      records.insert(tx, {
        fleetId: random(8),
        name,
        serverEpoch: 1,
        publicKey: keys.publicKey,
        secretKeyWrapped: wrap.wrap(keys.secretKey, SERVER_KEY),
        createdAtMs: clock.nowMs(),
      })
    );
  }
  // Read back: of two servers that started at once, one wrote the row that both use.
  const record = await records.load();
  if (record === undefined) throw new TypeError("the fleet's row vanished");
  return identityOf(record, keyPairFromSecret(wrap.unwrap(record.secretKeyWrapped, SERVER_KEY)));
}

function identityOf(record: FleetRecord, keyPair: KeyPair): FleetIdentity {
  const hello = helloCodec.encode({
    majorMin: PROTOCOL.major,
    majorMax: PROTOCOL.major,
    serverKey: record.publicKey,
    fleetId: record.fleetId,
    name: record.name,
  });
  return {
    fleetId: record.fleetId,
    name: record.name,
    serverEpoch: record.serverEpoch,
    keyPair,
    fingerprint: fingerprintOf(record.publicKey),
    hello,
    helloDigest: sha256(hello),
  };
}
