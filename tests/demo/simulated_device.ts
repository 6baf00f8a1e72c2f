/**
 * A device that exists in software only: it speaks the real protocol over real HTTP, keeps its state in memory and makes
 * its figures up by a model. The demo shows a few of them; tests and benches use the same class as their honest device.
 *
 * It samples when told to, keeps what is not acknowledged, retries the same bytes until an answer is verified, and
 * answers `identify`. What it does not do is in the agent: no storage, no discovery, no re-enrolment.
 *
 * @module
 */
import {
  beginEnrolment,
  BootReason,
  ClockSource,
  CommandStatus,
  DeviceStateCode,
  digest8,
  encodeSamples,
  generateKeyPair,
  handleOf,
  helloCodec,
  type Inventory,
  type KeyPair,
  type MacKey,
  macKey,
  NeedCode,
  openSyncReply,
  parseToken,
  PROTOCOL,
  type ReportItem,
  ReportKind,
  type Sample,
  sealSyncRequest,
  sha256,
  Stream,
  type SyncReply,
  syncReplyCodec,
  type SyncRequest,
  syncRequestCodec,
  syncRequestFields,
  tokenMatchesServer,
  tokenPsk,
  ZERO_PSK,
} from "@fleetd/firmware-protocol";

/** What a kind of device is and how its figures move. */
export interface DeviceModel {
  readonly hwClass: string;
  readonly model: string;
  readonly agentVersion: string;
  readonly inventory: Inventory;
  /** The figures at a moment: metric id → value. `t` is seconds since the device started. */
  sample(t: number): ReadonlyMap<number, number>;
}

/** Everything a simulated device needs from outside. */
export interface SimulatedDeviceOptions {
  /** Base URL of the server. */
  readonly url: string;
  readonly model: DeviceModel;
  readonly name?: string;
  readonly serial?: string;
  /** Text of an enrolment token (`FT1-…`). Without one the device waits to be accepted. */
  readonly token?: string;
  /** Unix ms; `undefined` makes a device without a clock. */
  readonly now?: () => number;
  /** Milliseconds for one exchange, 70,000 unless told. */
  readonly timeoutMs?: number;
  readonly random?: (length: number) => Uint8Array;
  /** Default: the runtime's own. */
  readonly fetch?: typeof fetch;
}

interface Session {
  readonly kid: Uint8Array;
  readonly toServer: MacKey;
  readonly toDevice: MacKey;
}

/** A reply that could not be verified, or none at all. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

const randomBytes = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const EPOCH = 1;

/** One device. Its methods are called one after the other. */
export class SimulatedDevice {
  readonly key: KeyPair;
  readonly deviceId: Uint8Array;
  readonly bootId: number;
  /** Wire state as last told by the server, 0 before. */
  state = 0;
  /** Seconds between syncs, as last told. */
  intervalS = 10;
  /** How many samples were taken, and through which counter the server has acknowledged them. */
  taken = 0;
  acknowledged = -1;
  /** Called when a command `identify` runs. */
  onIdentify: () => void = () => {};

  private session: Session | undefined;
  private seq = 0;
  private serverEpoch = 0;
  private readonly samples: Sample[] = [];
  private readonly reports: ReportItem[] = [];
  private reportsFirst = 0;
  private commandsThrough = 0;
  private told = false;
  private needInventory = false;
  private outstanding: Uint8Array | undefined;
  private readonly startedMs = Date.now();
  private readonly random: (length: number) => Uint8Array;

  constructor(readonly options: SimulatedDeviceOptions) {
    this.random = options.random ?? randomBytes;
    this.key = generateKeyPair(this.random);
    this.deviceId = this.random(16);
    this.bootId = new DataView(this.random(4).buffer).getUint32(0);
  }

  /** Public name. */
  get handle(): string {
    return handleOf(this.key.publicKey);
  }

  /** Key id of the session, once enrolled. */
  get kid(): Uint8Array | undefined {
    return this.session?.kid;
  }

  private async exchange(
    path: string,
    body: Uint8Array | undefined,
    type: string,
    signal?: AbortSignal,
  ): Promise<{ status: number; bytes: Uint8Array }> {
    const timeout = AbortSignal.timeout(this.options.timeoutMs ?? 70_000);
    const ask = this.options.fetch ?? fetch;
    const answer = await ask(this.options.url + path, {
      method: body === undefined ? "GET" : "POST",
      ...body === undefined ? {} : { body: body as BodyInit, headers: { "content-type": type } },
      redirect: "error",
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
    });
    return { status: answer.status, bytes: new Uint8Array(await answer.arrayBuffer()) };
  }

  /** Asks the server for its key, runs the handshake and keeps the session. @throws {NoAnswer} when refused */
  async enrol(): Promise<void> {
    const hello = await this.exchange("/d/hello", undefined, "");
    const { serverKey } = helloCodec.decode(hello.bytes);
    const token = this.options.token === undefined ? undefined : parseToken(this.options.token);
    if (token !== undefined && !tokenMatchesServer(token, serverKey)) {
      throw new NoAnswer("the token belongs to another server");
    }
    const begun = beginEnrolment({
      deviceKey: this.key,
      serverKey,
      random: this.random,
      request: {
        v: PROTOCOL.minor,
        hwClass: this.options.model.hwClass,
        model: this.options.model.model,
        agentVersion: this.options.model.agentVersion,
        rxMax: PROTOCOL.rxDefaultBytes,
        helloDigest: sha256(hello.bytes),
        deviceId: this.deviceId,
        ...token === undefined ? {} : { tokenId: token.id },
        ...this.options.name === undefined ? {} : { name: this.options.name },
        ...this.options.serial === undefined ? {} : { serial: this.options.serial },
      },
    });
    const { status, bytes } = await this.exchange(
      "/d/1/enrol",
      begun.message1,
      "application/octet-stream",
    );
    if (status !== 200) throw new NoAnswer(`enrolment answered ${status}`);
    const psks = token === undefined ? [ZERO_PSK] : [tokenPsk(token), ZERO_PSK];
    const { reply, keys } = begun.finish(bytes, psks);
    this.session = {
      kid: reply.kid,
      toServer: macKey(keys.macToServer),
      toDevice: macKey(keys.macToDevice),
    };
    this.seq = 0;
    this.told = false;
    this.outstanding = undefined;
    this.state = reply.state;
    this.intervalS = reply.intervalS;
    this.serverEpoch = reply.serverEpoch;
  }

  /** Takes one sample now; `values` replaces the model's figures. */
  take(values?: ReadonlyMap<number, number>): void {
    const t = (Date.now() - this.startedMs) / 1000;
    const atMs = this.options.now?.() ?? Math.floor(t * 1000);
    this.samples.push({ atMs, values: values ?? this.options.model.sample(t) });
    this.taken++;
  }

  private metrics(): SyncRequest["metrics"] {
    if (this.samples.length === 0) return undefined;
    const unix = this.options.now !== undefined;
    return encodeSamples({
      epoch: EPOCH,
      first: this.taken - this.samples.length,
      base: unix ? "unix" : "uptime",
      ...unix ? {} : { bootId: this.bootId },
      samples: this.samples.slice(0, 200),
    });
  }

  private request(waitS: number | undefined): SyncRequest {
    const now = this.options.now?.();
    const metrics =
      this.state === DeviceStateCode.active || this.state === DeviceStateCode.quarantined
        ? this.metrics()
        : undefined;
    return {
      v: PROTOCOL.minor,
      uptimeMs: Date.now() - this.startedMs,
      bootId: this.bootId,
      serverEpoch: this.serverEpoch,
      ...now === undefined ? {} : { deviceTime: now, clock: ClockSource.ntp },
      ...this.told ? {} : {
        agentVersion: this.options.model.agentVersion,
        clock: now === undefined ? ClockSource.none : ClockSource.ntp,
        bootReason: BootReason.power,
        rxMax: PROTOCOL.rxDefaultBytes,
        commandsThrough: this.commandsThrough,
        inventoryDigest: digest8(syncRequestFields.inventory.encode(this.options.model.inventory)),
        running: [],
        rootVersion: 0,
        highestAttempt: 0,
      },
      ...waitS === undefined ? {} : { waitS },
      ...metrics === undefined ? {} : { metrics },
      ...this.needInventory ? { inventory: this.options.model.inventory } : {},
      ...this.reports.length === 0 ? {} : {
        reports: {
          epoch: EPOCH,
          first: this.reportsFirst,
          items: this.reports.slice(0, PROTOCOL.reportsMax),
        },
        commandsThrough: this.commandsThrough,
      },
    };
  }

  /** The bytes of the next request; the same ones again until an answer to them is verified. */
  nextRequest(waitS?: number): Uint8Array {
    const session = this.session;
    if (session === undefined) throw new NoAnswer("the device has not enrolled");
    this.outstanding ??= sealSyncRequest({
      kid: session.kid,
      seq: ++this.seq,
      payload: syncRequestCodec.encode(this.request(waitS)),
      key: session.toServer,
    });
    return this.outstanding;
  }

  /** Seals requests beforehand, each with one new sample, as if every one were answered and acknowledged: for load. */
  prepareRequests(count: number): Uint8Array[] {
    return Array.from({ length: count }, () => {
      this.samples.length = 0;
      this.take();
      const body = this.nextRequest();
      this.outstanding = undefined;
      return body;
    });
  }

  /** One exchange. @throws {NoAnswer} without a verified answer; the next call sends the same bytes again. */
  async sync({ waitS, signal }: { waitS?: number; signal?: AbortSignal } = {}): Promise<SyncReply> {
    const body = this.nextRequest(waitS);
    let bytes: Uint8Array;
    try {
      const answer = await this.exchange("/d/1/sync", body, "application/cose", signal);
      if (answer.status !== 200) throw new NoAnswer(`sync answered ${answer.status}`);
      bytes = answer.bytes;
    } catch (error) {
      throw error instanceof NoAnswer ? error : new NoAnswer("no answer", { cause: error });
    }
    return this.accept(body, bytes);
  }

  /** Verifies an answer to `body` and takes what it says. */
  accept(body: Uint8Array, bytes: Uint8Array): SyncReply {
    const session = this.session!;
    const payload = openSyncReply({
      body: bytes,
      kid: session.kid,
      requestDigest: sha256(body),
      key: session.toDevice,
    });
    const reply = syncReplyCodec.decode(payload);
    this.outstanding = undefined;
    this.told = true;
    this.state = reply.state;
    this.intervalS = reply.intervalS;
    if (reply.serverEpoch !== this.serverEpoch) this.told = false;
    this.serverEpoch = reply.serverEpoch;
    this.needInventory = reply.need?.includes(NeedCode.inventory) ?? false;
    for (const ack of reply.acks ?? []) {
      if (ack.epoch !== EPOCH) continue;
      if (ack.stream === Stream.metrics) {
        this.samples.splice(0, Math.max(0, ack.through + 1 - (this.taken - this.samples.length)));
        this.acknowledged = Math.max(this.acknowledged, ack.through);
      }
      if (ack.stream === Stream.reports && ack.through >= this.reportsFirst) {
        this.reports.splice(0, ack.through + 1 - this.reportsFirst);
        this.reportsFirst = ack.through + 1;
      }
    }
    for (const command of reply.commands ?? []) {
      if (command.id <= this.commandsThrough) continue;
      this.commandsThrough = command.id;
      const known = command.name === "identify";
      if (known) this.onIdentify();
      const body = { id: command.id, status: known ? CommandStatus.ok : CommandStatus.unsupported };
      this.reports.push({ kind: ReportKind.command, time: this.options.now?.() ?? 0, body });
    }
    return reply;
  }

  /** Whether something waits to be sent at once. */
  get eager(): boolean {
    return this.reports.length > 0 || this.needInventory || this.samples.length > 0 || !this.told;
  }
}
