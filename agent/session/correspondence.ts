/**
 * What the agent says to its server and what it makes of the answers: the content of sync, without keys and without
 * network. Answers are level-triggered (PROTOCOL §4), so taking one twice changes nothing, and what was said counts as
 * heard only once a verified answer came.
 *
 * @module
 */
import {
  type Inventory,
  NeedCode,
  PROTOCOL,
  type SyncReply,
  type SyncRequest,
  syncRequestCodec,
  syncRequestFields,
  WireErrorCode,
} from "@fleetd/firmware-protocol";
import type { Admission, Enrolled, Unconfirmed } from "../agent_state.ts";
import { type CommandParts, runCommands } from "../commands/run_commands.ts";
import type { Clock } from "../ports.ts";
import { type ReportQueue, REPORTS_STREAM } from "../reports/report_queue.ts";
import type { Sequence } from "../storage/sequence.ts";
import type { RecordBuffer } from "../telemetry/record_buffer.ts";
import { METRICS_STREAM, nextUpload } from "../telemetry/upload.ts";
import type { DeviceClock } from "./device_clock.ts";
import { type Facts, ToldFacts } from "./told_facts.ts";

/** Keys and array heads of sections that are added after the size of the rest was measured. */
const SECTION_HEAD_BYTES = 8;
/** Telemetry goes out when this share of the interval has passed: a sync that happens anyway takes it along. */
const EARLY_SHARE = 0.75;

/** What correspondence draws on. */
export interface CorrespondenceParts {
  readonly clock: Clock;
  readonly deviceClock: DeviceClock;
  readonly bootId: number;
  readonly metrics: RecordBuffer;
  readonly reports: RecordBuffer;
  readonly reportQueue: ReportQueue;
  readonly sequence: Sequence;
  readonly commands: CommandParts;
  /** The present facts; `inventoryDigest` belongs to what {@linkcode CorrespondenceParts.inventory} returns. */
  readonly facts: () => Facts;
  readonly inventory: () => Inventory;
}

/** A request's payload and what must be remembered of it. */
export interface Composed {
  readonly payload: Uint8Array;
  readonly waitS: number;
  readonly facts: Partial<Facts>;
  /** First record of each batch in it. */
  readonly batches: readonly {
    readonly stream: number;
    readonly epoch: number;
    readonly first: number;
  }[];
  /** Whether records were left behind. */
  readonly more: boolean;
  /** Whether times in it count from the request: then it is soon too old to be repeated. */
  readonly undated: boolean;
  readonly uploadedAtMs: number | null;
  readonly inventoryDigest: string | null;
}

/** What came of an answer. */
export interface Taken {
  /** Whether there is something to say at once. */
  readonly unsent: boolean;
  /** Whether the server stored, or gave up on, records that were sent. */
  readonly advanced: boolean;
}

/** The correspondence with one server, of one process. */
export class Correspondence {
  private readonly told = new ToldFacts();
  private kid = "";
  private serverEpoch = 0;
  private wantsInventory = false;
  /** After a restore of the server it gets the inventory without asking. */
  private owesInventory = false;
  private nonce: Uint8Array | undefined;
  private uploadedAtMs = -Infinity;
  /** An inventory that the server will not take is not offered again. */
  private refusedInventory = "";
  /** Set when the next request takes telemetry along whatever the time. */
  private uploadNow = true;

  constructor(private readonly parts: CorrespondenceParts) {}

  /** Whether there is telemetry whose time has come. */
  private uploadDue(intervalS: number): boolean {
    const passedMs = this.parts.clock.monotonicMs() - this.uploadedAtMs;
    return this.uploadNow || passedMs >= EARLY_SHARE * intervalS * 1_000;
  }

  /** The next request. @throws {DiskError} when the records cannot be read. */
  async compose(state: Unconfirmed | Enrolled, waitS: number): Promise<Composed> {
    const { session } = state;
    this.meet(session.kid, session.terms.serverEpoch);
    const accepted = isAccepted(state.name === "unconfirmed" ? state.expected : state.name);
    const facts = this.told.untold(this.parts.facts(), { accepted });
    // What the server needs after hearing something new should not wait.
    const news = Object.keys(facts).length > 0;
    const request = { ...this.head(news ? 0 : waitS), ...facts };
    const limit = Math.min(session.terms.txMax, PROTOCOL.txMaxBytes) -
      PROTOCOL.requestOverheadBytes;
    const room = () => limit - syncRequestCodec.encode(request).length - SECTION_HEAD_BYTES;
    let more = false;
    let uploadedAtMs = null;
    const inventoryDigest = accepted ? this.addInventory(request, room()) : null;
    if (accepted) {
      const reports = await this.parts.reportQueue.next(room());
      if (reports !== null) request.reports = reports.batch;
      more = reports?.more ?? false;
    }
    if (accepted && this.uploadDue(session.terms.intervalS)) {
      const dating = this.parts.deviceClock.dating();
      const upload = await nextUpload(this.parts.metrics, { maxBytes: room(), dating });
      if (upload !== null) request.metrics = upload.batch;
      more ||= upload?.more ?? false;
      uploadedAtMs = this.parts.clock.monotonicMs();
    }
    if (more) {
      request.more = true;
      delete request.waitS;
    }
    return {
      payload: syncRequestCodec.encode(request),
      batches: [
        ...request.metrics ? [{ stream: METRICS_STREAM, ...request.metrics }] : [],
        ...request.reports ? [{ stream: REPORTS_STREAM, ...request.reports }] : [],
      ].map(({ stream, epoch, first }) => ({ stream, epoch, first })),
      waitS: request.waitS ?? 0,
      facts,
      more,
      undated: request.metrics?.base === 0,
      uploadedAtMs,
      inventoryDigest,
    };
  }

  /** Carries out a verified answer. @throws {DiskError} */
  async take(
    reply: SyncReply,
    { sent, state }: { readonly sent: Composed; readonly state: Enrolled },
  ): Promise<Taken> {
    const { error, need = [], commands = [] } = reply;
    this.meet(state.session.kid, reply.serverEpoch);
    this.nonce = reply.resyncNonce;
    if (error?.code === WireErrorCode.staleSeq && error.lastSeq !== undefined) {
      await this.parts.sequence.passOver(error.lastSeq);
    }
    if (error !== undefined) return { unsent: false, advanced: false };
    const accepted = isAccepted(state.name);
    this.told.markTold(sent.facts, { accepted });
    if (sent.uploadedAtMs !== null) this.uploadedAtMs = sent.uploadedAtMs;
    if (sent.inventoryDigest !== null) this.owesInventory = false;
    const advanced = await this.release(reply, sent);
    const asked = this.heedNeeds(need, sent);
    this.uploadNow = sent.more && advanced;
    if (!accepted) return { unsent: false, advanced };
    const trusted = state.name === "accepted" && state.session.pin.trust !== "tofu";
    const ran = await runCommands(this.parts.commands, {
      commands: state.name === "accepted" ? commands : [],
      serverTimeMs: reply.time,
      trusted,
    });
    if (commands.length > 0) this.told.forget("commandsThrough");
    // What did not fit follows at once, but only while things move: a server that repeats itself makes no loop.
    const follows = reply.more === true && (ran || advanced);
    const unsent = ran || asked || this.uploadNow || follows;
    return { unsent, advanced };
  }

  /** Under another kid, or after a restore of the server, everything is told again. */
  private meet(kid: Uint8Array, serverEpoch: number): void {
    if (String(kid) === this.kid && serverEpoch === this.serverEpoch) return;
    const restored = this.serverEpoch !== 0 && serverEpoch !== this.serverEpoch;
    this.kid = String(kid);
    this.serverEpoch = serverEpoch;
    this.told.forget();
    this.refusedInventory = "";
    this.owesInventory ||= restored;
  }

  private head(waitS: number): SyncRequest {
    const deviceTime = this.parts.deviceClock.unixNowMs();
    return {
      v: PROTOCOL.minor,
      uptimeMs: this.parts.clock.monotonicMs(),
      bootId: this.parts.bootId,
      serverEpoch: this.serverEpoch,
      ...(deviceTime === null ? {} : { deviceTime }),
      ...(waitS === 0 ? {} : { waitS }),
      ...(this.nonce === undefined ? {} : { resyncNonce: this.nonce }),
    };
  }

  /** Adds the inventory when it was asked for; returns its digest as text. */
  private addInventory(request: SyncRequest, room: number): string | null {
    if (!this.wantsInventory && !this.owesInventory) return null;
    const digest = String(this.parts.facts().inventoryDigest);
    const inventory = this.parts.inventory();
    const fits = syncRequestFields.inventory.encode(inventory).length <= room;
    if (!fits || digest === this.refusedInventory) return null;
    request.inventory = inventory;
    return digest;
  }

  /** Drops what the server has stored, and what it will never take; whether any of it was sent this time. */
  private async release(reply: SyncReply, sent: Composed): Promise<boolean> {
    let advanced = false;
    for (const { stream, epoch, through } of reply.acks ?? []) {
      await this.bufferOf(stream)?.release(epoch, through);
      advanced ||= sent.batches.some((batch) =>
        batch.stream === stream && batch.epoch === epoch && through >= batch.first
      );
    }
    for (const { section, code, epoch, through } of reply.rejected ?? []) {
      const { log } = this.parts.commands;
      log.warn("The server will not take what was sent", { section, code, through });
      if (section === syncRequestFields.inventory.key) {
        this.refusedInventory = sent.inventoryDigest ?? "";
      }
      const stream = section === syncRequestFields.metrics.key
        ? METRICS_STREAM
        : section === syncRequestFields.reports.key
        ? REPORTS_STREAM
        : 0;
      await this.bufferOf(stream)?.refuse(epoch, through);
      advanced ||= stream !== 0;
    }
    return advanced;
  }

  private bufferOf(stream: number): RecordBuffer | undefined {
    if (stream === METRICS_STREAM) return this.parts.metrics;
    return stream === REPORTS_STREAM ? this.parts.reports : undefined;
  }

  /** Remembers what is asked for; whether any of it is new, so that an unanswerable wish makes no loop. */
  private heedNeeds(need: readonly number[], sent: Composed): boolean {
    const again: (keyof Facts)[] = [];
    if (need.includes(NeedCode.running)) again.push("running");
    if (need.includes(NeedCode.commandsThrough)) again.push("commandsThrough");
    if (again.length > 0) this.told.forget(...again);
    const before = this.wantsInventory;
    this.wantsInventory = need.includes(NeedCode.inventory);
    return (this.wantsInventory && !before) || again.some((name) => sent.facts[name] === undefined);
  }
}

function isAccepted(name: Admission): boolean {
  return name === "accepted" || name === "quarantined";
}
