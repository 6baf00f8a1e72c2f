/**
 * A server for tests of the agent, in memory, built from the protocol's server side: it enrols, verifies, keeps the rules
 * of sequence numbers and acknowledgements, and otherwise does as the test says. It remembers every record it was sent, so
 * that a test can say that nothing was lost and nothing doubled.
 *
 * @module
 */
import type { Clock, HttpAnswer, HttpRequest, Random } from "@fleetd/agent";
import {
  type Command,
  decodeSamples,
  DeviceStateCode,
  digest8,
  type EnrolRequest,
  errorReplyCodec,
  fingerprintOf,
  fingerprintPrefix,
  formatToken,
  type FoundService,
  generateKeyPair,
  helloCodec,
  type KeyPair,
  macKey,
  NeedCode,
  openSyncRequest,
  parseToken,
  PROTOCOL,
  readEnrolment,
  type ReportItem,
  type Sample,
  sealSyncReply,
  type SessionKeys,
  sha256,
  Stream,
  type SyncReply,
  syncReplyCodec,
  type SyncRequest,
  syncRequestCodec,
  syncRequestFields,
  tokenPsk,
  TokenStatus,
  WireErrorCode,
  ZERO_PSK,
} from "@fleetd/firmware-protocol";

/** A session as the server keeps it. */
export interface ServedSession {
  readonly kid: Uint8Array;
  readonly keys: SessionKeys;
  readonly device: ServedDevice;
  readonly tokenId: string | null;
  confirmed: boolean;
  revoked: boolean;
  lastSeq: number;
  lastTag: string;
}

/** A device as the server knows it. */
export interface ServedDevice {
  readonly key: string;
  /** A number of `DeviceStateCode`. */
  state: number;
  readonly requests: EnrolRequest[];
  commandsThrough: number;
  inventoryDigest: string;
  inventory: SyncRequest["inventory"];
  readonly commands: Command[];
  /** By stream: epoch, then highest counter stored. */
  readonly streams: Map<number, { epoch: number; through: number; lost: number }>;
  readonly samples: { readonly id: string; readonly sample: Sample; readonly base: number }[];
  readonly reports: { readonly id: string; readonly item: ReportItem }[];
}

/** A server under a test's control. */
export class ScriptedServer {
  readonly keyPair: KeyPair;
  readonly fleetId: Uint8Array;
  readonly devices = new Map<string, ServedDevice>();
  sessions = new Map<string, ServedSession>();
  /** Secrets and left uses of tokens, by id. */
  readonly tokens = new Map<string, { secret: Uint8Array; left: number }>();
  /** State of a device that comes without a token. */
  admission: number = DeviceStateCode.pending;
  intervalS = 30;
  waitMaxS = 50;
  serverEpoch = 7;
  txMax: number = PROTOCOL.txMaxBytes;
  /** Verified requests, in order. */
  readonly heard: SyncRequest[] = [];
  /** What went against the protocol; a test expects it to stay empty. */
  readonly breaches: string[] = [];
  /** Changes each verified reply before it is sealed. */
  script: (reply: SyncReply, request: SyncRequest, session: ServedSession) => void = () => {};
  /** Answers instead of the server when it returns something. */
  impostor: ((request: HttpRequest) => HttpAnswer | null) | null = null;
  private readonly waits = new Map<string, AbortController>();

  constructor(
    private readonly parts: {
      readonly clock: Pick<Clock, "nowMs" | "sleep">;
      readonly random: Pick<Random, "bytes">;
    },
  ) {
    this.keyPair = generateKeyPair((length) => parts.random.bytes(length));
    this.fleetId = parts.random.bytes(8);
  }

  get fingerprint(): string {
    return fingerprintOf(this.keyPair.publicKey);
  }

  /** The server as mDNS shows it. */
  service(instance = "Test fleet", address = "192.0.2.1"): FoundService {
    return {
      type: "_fleets._tcp",
      instance,
      host: "server.local",
      port: 8080,
      addresses: [address],
      txt: { v: "1.0", fp: fingerprintPrefix(this.keyPair.publicKey) },
      interfaceName: "eth0",
    };
  }

  /** Makes a token; its text. */
  makeToken(uses = 1): string {
    const id = this.parts.random.bytes(8);
    const secret = this.parts.random.bytes(16);
    this.tokens.set(String(id), { secret, left: uses });
    return formatToken({ id, secret, serverKey: this.keyPair.publicKey });
  }

  /** Takes every use of a token away. */
  spendToken(text: string): void {
    this.tokens.get(String(parseToken(text).id))!.left = 0;
  }

  /** The only device there is. */
  get device(): ServedDevice {
    if (this.devices.size !== 1) throw new Error(`there are ${this.devices.size} devices`);
    return [...this.devices.values()][0]!;
  }

  /** Sets a device's state and ends its wait. */
  setState(state: number): void {
    this.device.state = state;
    this.wake();
  }

  /** Queues a command and ends waits. */
  command(command: Command): void {
    this.device.commands.push(command);
    this.wake();
  }

  /** Forgets every session, as a restore from a backup does. */
  forgetSessions(): void {
    this.sessions = new Map();
    this.wake();
  }

  /** Ends all waits. */
  wake(): void {
    for (const wait of this.waits.values()) wait.abort();
  }

  /** The server's side of the network. */
  readonly answering = async (request: HttpRequest): Promise<HttpAnswer> => {
    const forged = this.impostor?.(request);
    if (forged) return forged;
    const path = new URL(request.url).pathname;
    if (path === "/d/hello") return ok(this.hello(), "application/cbor");
    if (path === "/d/1/enrol") return this.enrol(request.body!);
    if (path === "/d/1/sync") return await this.sync(request.body!);
    return refusal(404, WireErrorCode.notFound);
  };

  private hello(): Uint8Array {
    return helloCodec.encode({
      majorMin: 1,
      majorMax: 1,
      serverKey: this.keyPair.publicKey,
      fleetId: this.fleetId,
      name: "Test fleet",
    });
  }

  private enrol(message1: Uint8Array): HttpAnswer {
    let read;
    try {
      read = readEnrolment({ serverKey: this.keyPair, message1 });
    } catch {
      return refusal(400, WireErrorCode.malformed);
    }
    const { request, deviceKey } = read;
    const token = request.tokenId && this.tokens.get(String(request.tokenId));
    const usable = token !== undefined && token.left > 0;
    const known = this.devices.get(String(deviceKey));
    const admits = usable || known?.state === DeviceStateCode.active;
    const state = admits ? DeviceStateCode.active : known?.state ?? this.admission;
    const tokenStatus = request.tokenId === undefined
      ? undefined
      : token === undefined
      ? TokenStatus.unknown
      : usable
      ? TokenStatus.used
      : TokenStatus.spent;
    const kid = this.parts.random.bytes(8);
    const { message2, keys } = read.answer({
      psk: usable ? tokenPsk({ id: request.tokenId!, secret: token.secret }) : ZERO_PSK,
      random: (length) => this.parts.random.bytes(length),
      reply: {
        v: 0,
        kid,
        state,
        time: this.parts.clock.nowMs(),
        intervalS: this.intervalS,
        serverEpoch: this.serverEpoch,
        ...(tokenStatus === undefined ? {} : { tokenStatus }),
        txMax: this.txMax,
        waitMax: this.waitMaxS,
      },
    });
    const device = known ?? newDevice(String(deviceKey), state);
    device.requests.push(request);
    this.sessions.set(String(kid), {
      kid,
      keys,
      device,
      tokenId: usable ? String(request.tokenId) : null,
      confirmed: false,
      revoked: false,
      lastSeq: 0,
      lastTag: "",
    });
    return ok(message2, "application/octet-stream");
  }

  private async sync(body: Uint8Array): Promise<HttpAnswer> {
    const envelope = openSyncRequest(body);
    const session = this.sessions.get(String(envelope.kid));
    if (session === undefined || session.revoked) return refusal(401, WireErrorCode.unknownKid);
    if (!envelope.verify(macKey(session.keys.macToServer))) {
      return refusal(401, WireErrorCode.badMac);
    }
    const request = syncRequestCodec.decode(envelope.payload);
    const tag = String(envelope.tag.slice(0, 16));
    if (envelope.seq < session.lastSeq) return this.seal(body, { session, request, stale: true });
    if (envelope.seq === session.lastSeq && tag !== session.lastTag) {
      this.breaches.push(`sequence number ${envelope.seq} twice with another tag`);
    }
    const repeated = envelope.seq === session.lastSeq;
    session.lastSeq = envelope.seq;
    session.lastTag = tag;
    this.confirm(session);
    if (!repeated) this.heard.push(request);
    const reply = this.take(request, session);
    if ((request.waitS ?? 0) > 0 && reply.commands === undefined) {
      await this.wait(session, request.waitS!);
      return this.seal(body, { session, request });
    }
    return this.seal(body, { session, request });
  }

  private async wait(session: ServedSession, waitS: number): Promise<void> {
    const key = String(session.kid);
    this.waits.get(key)?.abort();
    const wait = new AbortController();
    this.waits.set(key, wait);
    await this.parts.clock.sleep(waitS * 1_000, wait.signal);
    if (this.waits.get(key) === wait) this.waits.delete(key);
  }

  private confirm(session: ServedSession): void {
    if (session.confirmed) return;
    session.confirmed = true;
    const token = session.tokenId === null ? undefined : this.tokens.get(session.tokenId);
    if (token !== undefined && token.left > 0) {
      token.left--;
      session.device.state = DeviceStateCode.active;
    }
    this.devices.set(session.device.key, session.device);
    for (const other of this.sessions.values()) {
      if (other !== session && other.device === session.device) other.revoked = true;
    }
  }

  /** Takes the sections and says what follows from them now. */
  private take(request: SyncRequest, { device }: ServedSession): SyncReply {
    const reply: SyncReply = {
      v: 0,
      time: this.parts.clock.nowMs(),
      state: device.state,
      intervalS: this.intervalS,
      serverEpoch: this.serverEpoch,
    };
    const accepted = device.state === DeviceStateCode.active ||
      device.state === DeviceStateCode.quarantined;
    if (!accepted) return reply;
    device.commandsThrough = Math.max(device.commandsThrough, request.commandsThrough ?? 0);
    if (request.inventoryDigest) device.inventoryDigest = String(request.inventoryDigest);
    if (request.inventory) device.inventory = request.inventory;
    const acks = [...this.takeMetrics(request, device), ...this.takeReports(request, device)];
    if (acks.length > 0) reply.acks = acks;
    const held = device.inventory &&
      String(digest8(syncRequestFields.inventory.encode(device.inventory)));
    if (held !== device.inventoryDigest) reply.need = [NeedCode.inventory];
    const open = device.commands.filter(({ id }) => id > device.commandsThrough);
    if (open.length > 0) reply.commands = open.slice(0, 4);
    return reply;
  }

  private takeMetrics({ metrics }: SyncRequest, device: ServedDevice) {
    if (metrics === undefined) return [];
    const samples = decodeSamples(metrics);
    const kept = this.advance(device, {
      stream: Stream.metrics,
      ...metrics,
      count: samples.length,
    });
    for (let at = kept; at < samples.length; at++) {
      const id = `${metrics.epoch}/${metrics.first + at}`;
      device.samples.push({ id, sample: samples[at]!, base: metrics.base });
    }
    return [{
      stream: Stream.metrics,
      epoch: metrics.epoch,
      through: metrics.first + samples.length - 1,
    }];
  }

  private takeReports({ reports }: SyncRequest, device: ServedDevice) {
    if (reports === undefined) return [];
    const { epoch, first, items } = reports;
    const kept = this.advance(device, {
      stream: Stream.reports,
      epoch,
      first,
      count: items.length,
    });
    for (let at = kept; at < items.length; at++) {
      device.reports.push({ id: `${epoch}/${first + at}`, item: items[at]! });
    }
    return [{ stream: Stream.reports, epoch, through: first + items.length - 1 }];
  }

  /** PROTOCOL §6: a higher epoch ends the older, a lower is ignored, what is known is trimmed; how many to skip. */
  private advance(
    device: ServedDevice,
    { stream, epoch, first, count }: {
      stream: number;
      epoch: number;
      first: number;
      count: number;
    },
  ): number {
    const state = device.streams.get(stream) ?? { epoch: 0, through: 0, lost: 0 };
    if (epoch < state.epoch) {
      this.breaches.push(`epoch ${epoch} of stream ${stream} after ${state.epoch}`);
      return count;
    }
    const through = epoch > state.epoch ? 0 : state.through;
    const lost = state.lost + Math.max(0, first - through - 1);
    const last = first + count - 1;
    device.streams.set(stream, { epoch, through: Math.max(through, last), lost });
    return Math.min(count, Math.max(0, through + 1 - first));
  }

  private seal(
    body: Uint8Array,
    { session, request, stale }: { session: ServedSession; request: SyncRequest; stale?: boolean },
  ): HttpAnswer {
    const reply: SyncReply = stale
      ? {
        v: 0,
        time: this.parts.clock.nowMs(),
        state: session.device.state,
        intervalS: this.intervalS,
        serverEpoch: this.serverEpoch,
        error: { code: WireErrorCode.staleSeq, lastSeq: session.lastSeq },
      }
      : this.take(request, session);
    this.script(reply, request, session);
    const sealed = sealSyncReply({
      kid: session.kid,
      requestDigest: sha256(body),
      payload: syncReplyCodec.encode(reply),
      key: macKey(session.keys.macToDevice),
    });
    return ok(sealed, "application/cose");
  }
}

function newDevice(key: string, state: number): ServedDevice {
  return {
    key,
    state,
    requests: [],
    commandsThrough: 0,
    inventoryDigest: "",
    inventory: undefined,
    commands: [],
    streams: new Map(),
    samples: [],
    reports: [],
  };
}

/** An answer with a body. */
export function ok(body: Uint8Array, contentType: string): HttpAnswer {
  return { status: 200, body, contentType };
}

/** An unauthenticated error. */
export function refusal(status: number, code: number): HttpAnswer {
  return { status, body: errorReplyCodec.encode({ code }), contentType: "application/cbor" };
}
