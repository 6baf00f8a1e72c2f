/**
 * A device that speaks the real protocol and does exactly what a test tells it.
 *
 * @module
 */
import {
  beginEnrolment,
  type EnrolReply,
  type EnrolRequest,
  generateKeyPair,
  handleOf,
  type KeyPair,
  macKey,
  openSyncReply,
  sealSyncRequest,
  type SessionKeys,
  sha256,
  type SyncReply,
  syncReplyCodec,
  type SyncRequest,
  syncRequestCodec,
  tokenPsk,
  ZERO_PSK,
} from "@fleetd/firmware-protocol";
import type { DevicePath } from "@fleetd/server";
import { random } from "./test_fleet.ts";

/** How a device reaches a server. Throws what the server refuses with. */
export interface Transport {
  enrol(message1: Uint8Array): Promise<Uint8Array>;
  sync(body: Uint8Array, signal?: AbortSignal): Promise<Uint8Array>;
}

/** Straight into the devices' side, from an address. */
export function direct(path: DevicePath, address = "192.0.2.1"): Transport {
  return {
    enrol: (message1) => path.enrol(message1, { address }),
    sync: (body, signal) => path.sync(body, { address, signal }),
  };
}

/** What a test may change about a handshake. */
export interface EnrolOptions extends Partial<EnrolRequest> {
  readonly token?: { readonly id: Uint8Array; readonly secret: Uint8Array };
}

/** A device under a test's control. */
export class TestDevice {
  readonly keyPair: KeyPair;
  readonly handle: string;
  readonly deviceId: Uint8Array;
  kid = new Uint8Array(8);
  keys: SessionKeys | undefined;
  seq = 0;
  bootId: number;
  uptimeMs = 1_000;
  /** Last body sent, for replays. */
  lastBody = new Uint8Array();

  constructor(
    public transport: Transport,
    readonly serverKey: Uint8Array,
    from?: { keyPair?: KeyPair; deviceId?: Uint8Array },
  ) {
    this.keyPair = from?.keyPair ?? generateKeyPair(random);
    this.deviceId = from?.deviceId ?? random(16);
    this.handle = handleOf(this.keyPair.publicKey);
    this.bootId = new DataView(random(4).buffer).getUint32(0);
  }

  /** Runs a handshake and keeps its keys. */
  async enrol(
    { token, ...request }: EnrolOptions = {},
  ): Promise<EnrolReply & { pskIndex: number }> {
    const begun = beginEnrolment({
      deviceKey: this.keyPair,
      serverKey: this.serverKey,
      random,
      request: {
        v: 0,
        hwClass: "test",
        agentVersion: "1.0.0",
        rxMax: 16_384,
        deviceId: this.deviceId,
        ...(token === undefined ? {} : { tokenId: token.id }),
        ...request,
      },
    });
    const message2 = await this.transport.enrol(begun.message1);
    const psks = token === undefined ? [ZERO_PSK] : [tokenPsk(token), ZERO_PSK];
    const { reply, keys, pskIndex } = begun.finish(message2, psks);
    this.kid = new Uint8Array(reply.kid);
    this.keys = keys;
    this.seq = 0;
    return { ...reply, pskIndex };
  }

  /** The request as it would be sent, without advancing. */
  request(fields: Partial<SyncRequest> = {}): SyncRequest {
    return {
      v: 0,
      uptimeMs: this.uptimeMs += 1_000,
      bootId: this.bootId,
      serverEpoch: 1,
      ...fields,
    };
  }

  /** Sends the next sync and reads its verified reply. */
  sync(fields: Partial<SyncRequest> = {}, signal?: AbortSignal): Promise<SyncReply> {
    return this.send(syncRequestCodec.encode(this.request(fields)), { seq: ++this.seq, signal });
  }

  /** Sends any payload under any number. */
  async send(
    payload: Uint8Array,
    { seq, signal }: { seq: number; signal?: AbortSignal },
  ): Promise<SyncReply> {
    const body = sealSyncRequest({
      kid: this.kid,
      seq,
      payload,
      key: macKey(this.keys!.macToServer),
    });
    return await this.resend(body, signal);
  }

  /** Sends bytes as they are. */
  async resend(body: Uint8Array, signal?: AbortSignal): Promise<SyncReply> {
    this.lastBody = new Uint8Array(body);
    const digest = sha256(body);
    const reply = await this.transport.sync(body, signal);
    return syncReplyCodec.decode(openSyncReply({
      body: reply,
      kid: this.kid,
      requestDigest: digest,
      key: macKey(this.keys!.macToDevice),
    }));
  }
}
