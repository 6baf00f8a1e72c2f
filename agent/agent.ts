/**
 * One agent: its parts put together on the ports it is given, and run until it is told to stop.
 *
 * @module
 */
import {
  AGENT_SERVICE,
  type Announcement,
  BootReason,
  forgoBasePointTable,
  PROTOCOL,
  selfTest,
} from "@fleetd/firmware-protocol";
import type { AgentState, Happening } from "./agent_state.ts";
import { agentTxt } from "./announced_txt.ts";
import { answerInterrupted, type CommandParts } from "./commands/run_commands.ts";
import { type AgentConfig, nameOfHost } from "./config.ts";
import { hardwareClass, modelName, readBoard } from "./inventory/board.ts";
import { readBootId, readClockSource } from "./inventory/boot.ts";
import { fitText } from "./inventory/fit_inventory.ts";
import type { Log } from "./log.ts";
import type { Ports } from "./ports.ts";
import { ReportQueue } from "./reports/report_queue.ts";
import type { RpcSource } from "./rpc/routes.ts";
import { Correspondence } from "./session/correspondence.ts";
import { DeviceClock } from "./session/device_clock.ts";
import { EffectRunner } from "./session/effect_runner.ts";
import type { SelfDescription } from "./session/enrol_request.ts";
import { KnownInventory } from "./session/known_inventory.ts";
import { Machine } from "./session/machine.ts";
import { OwnerDirections } from "./session/owner_directions.ts";
import { ServerWatch } from "./session/server_watch.ts";
import type { Facts } from "./session/told_facts.ts";
import { describeHealth, describeInfo, describeStatus } from "./status.ts";
import { layoutOf } from "./storage/layout.ts";
import { openStoredAgent, type StoredAgent } from "./stored_agent.ts";
import { TelemetryCollector } from "./telemetry/collect/collector.ts";
import { Sampling, type SamplingParts } from "./telemetry/sampling.ts";

/** What an agent is made from. */
export interface AgentParts {
  /** The world outside. */
  readonly ports: Ports;
  /** What its owner chose. */
  readonly config: AgentConfig;
  /** Where it says what happens. */
  readonly log: Log;
  /** At most 32 bytes. */
  readonly version: string;
}

/** How often the owner's directions are looked at, on the grid of the samples: one wake serves both. */
const DIRECTIONS_EVERY_MS = 10_000;

/** One agent. */
export class Agent {
  /** Where it stands with its server. */
  readonly machine: Machine;
  /** What carries the machine's decisions out. */
  readonly effects: EffectRunner;
  /** What takes the samples. */
  readonly sampling: Sampling;
  /** Results and events that the server has not stored yet. */
  readonly reportQueue: ReportQueue;
  /** What it says about itself when it enrols. */
  readonly self: SelfDescription;
  /** Monotonic milliseconds. */
  readonly startedAtMs: number;
  readonly #watch: ServerWatch;
  readonly #deviceClock: DeviceClock;
  readonly #commands: CommandParts;
  #announcement: Announcement | null = null;
  #txt = "";
  #onTaken: (unsent: boolean) => void = () => {};

  private constructor(
    /** What it is made from. */
    readonly parts: AgentParts,
    /** Its durable half. */
    readonly stored: StoredAgent,
    /** What its owner says. */
    readonly directions: OwnerDirections,
  ) {
    const { ports, log, config } = parts;
    const { clock, random, network, host } = ports;
    this.startedAtMs = clock.monotonicMs();
    this.self = describeSelf(parts, stored);
    const bootId = readBootId(host) ?? new DataView(random.bytes(4).buffer).getUint32(0);
    const isSynchronised = () => readClockSource(host) !== null;
    this.#deviceClock = new DeviceClock({ clock, bootId, isSynchronised });
    const unixNowMs = () => this.#deviceClock.unixNowMs();
    this.reportQueue = new ReportQueue({ buffer: stored.reports, unixNowMs });
    this.reportQueue.onReport = () => this.#post({ kind: "records_ready" });
    this.#commands = { taken: stored.taken, reports: this.reportQueue, log, unixNowMs };
    this.sampling = samplingOf(parts, { buffer: stored.metrics, bootId, unixNowMs });
    this.#watch = new ServerWatch({
      network,
      clock,
      log,
      mdns: config.mdns,
      onSeen: (seen) => this.#post({ kind: "servers_seen", seen }),
    });
    this.effects = this.#effectRunner(bootId);
    this.machine = new Machine({
      clock,
      random,
      log,
      file: stored.state,
      directions: () => directions.present,
      perform: (effect, state) => this.effects.perform(effect, state),
      onStep: (state) => this.#showState(state),
    });
  }

  /**
   * Checks the cryptography, reads the storage and puts the parts together.
   * @throws {DiskError} @throws {ProtocolError} `crypto.self_test_failed`, or the codec's codes for a damaged bundle
   */
  static async open(parts: AgentParts): Promise<Agent> {
    forgoBasePointTable();
    selfTest();
    const { config, ports, log } = parts;
    const { disk, random } = ports;
    const layout = layoutOf(config.storageDir);
    const { server, token } = config;
    const flags = { server, token };
    const directions = await OwnerDirections.open({ disk, layout, flags, log });
    return new Agent(parts, await openStoredAgent({ disk, random, layout }), directions);
  }

  /** Runs until `signal` aborts; ends what is under way first. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const end = () => stop.abort();
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
    try {
      await answerInterrupted(this.#commands);
      // Before the machine starts, so that the first sync has a sample to carry.
      await this.sampling.lookFirst(stop.signal);
      this.#post({ kind: "started" });
      if (this.directions.forget) this.#post({ kind: "directed", forget: true });
      const { sampleIntervalMs } = this.parts.config;
      await Promise.all([
        this.machine.run(stop.signal),
        this.sampling.run(sampleIntervalMs, { signal: stop.signal }),
        this.#watchDirections(stop.signal),
      ].map((loop) => loop.finally(end)));
    } finally {
      signal.removeEventListener("abort", end);
      await this.effects.stop();
      await this.#announcement?.close();
    }
  }

  /** One sample and one complete sync; whether the server answered and took what there was before `signal` aborted. */
  async runOnce(signal: AbortSignal): Promise<boolean> {
    const stop = new AbortController();
    signal.addEventListener("abort", () => stop.abort(), { once: true });
    await this.sampling.lookFirst(stop.signal);
    await this.sampling.take();
    const done = new Promise<boolean>((resolve) => {
      stop.signal.addEventListener("abort", () => resolve(false), { once: true });
      this.#onTaken = (unsent) => unsent || resolve(true);
    });
    this.#post({ kind: "started" });
    const running = this.machine.run(stop.signal);
    const succeeded = await done;
    stop.abort();
    await running;
    await this.effects.stop();
    return succeeded;
  }

  /** Shows the agent on the network, and keeps showing its state. */
  async announce(port: number): Promise<void> {
    const { ports, config, log } = this.parts;
    const txt = this.#currentTxt();
    this.#txt = JSON.stringify(txt);
    try {
      this.#announcement = await ports.network.announce({
        type: AGENT_SERVICE,
        instance: this.stored.identity.handle,
        host: this.stored.identity.handle,
        port,
        txt,
        bindAddress: config.rpcListen ?? undefined,
      });
    } catch (error) {
      log.warn("Cannot announce this device on the network", {
        why: error instanceof Error ? error.message : String(error),
      });
    }
  }

  /** What the local RPC asks. */
  rpcSource(): RpcSource {
    return {
      info: () => describeInfo(this),
      health: () => describeHealth(this),
      status: () => describeStatus(this),
      invite: ({ url, fingerprint }) => {
        if ("session" in this.machine.state) return false;
        const fingerprintPrefix = fingerprint.replaceAll("-", "").slice(0, 16);
        this.#watch.invite({ url, source: "invitation", name: "invited", fingerprintPrefix });
        return true;
      },
    };
  }

  #post(happening: Happening): void {
    this.machine.post(happening);
    if (happening.kind === "reply_taken") this.#onTaken(happening.unsent);
  }

  #effectRunner(bootId: number): EffectRunner {
    const { parts, stored, directions } = this;
    const watch = this.#watch;
    const deviceClock = this.#deviceClock;
    const { clock, network, random } = parts.ports;
    return new EffectRunner({
      clock,
      network,
      random,
      log: parts.log,
      identity: stored.identity,
      self: () => this.self,
      directions,
      watch,
      correspondence: this.#correspondence(bootId),
      deviceClock,
      sequence: stored.sequence,
      post: (happening) => this.#post(happening),
    });
  }

  #correspondence(bootId: number): Correspondence {
    const { stored, parts, reportQueue } = this;
    const deviceClock = this.#deviceClock;
    const commands = this.#commands;
    const { clock, host, process } = parts.ports;
    const inventory = new KnownInventory({ host, process, agentVersion: parts.version, clock });
    const facts = (): Facts => ({
      agentVersion: parts.version,
      clock: deviceClock.source(),
      bootReason: BootReason.unknown,
      rxMax: PROTOCOL.rxDefaultBytes,
      running: [],
      commandsThrough: stored.taken.through,
      rootVersion: 0,
      inventoryDigest: inventory.digest(),
      highestAttempt: 0,
    });
    return new Correspondence({
      clock,
      deviceClock,
      bootId,
      metrics: stored.metrics,
      reports: stored.reports,
      reportQueue,
      sequence: stored.sequence,
      commands,
      facts,
      inventory: () => inventory.inventory(),
    });
  }

  async #watchDirections(signal: AbortSignal): Promise<void> {
    const { clock } = this.parts.ports;
    while (!signal.aborted) {
      await clock.sleep(DIRECTIONS_EVERY_MS - clock.monotonicMs() % DIRECTIONS_EVERY_MS, signal);
      if (signal.aborted || !await this.directions.refresh()) continue;
      this.#post({ kind: "directed", forget: this.directions.forget });
    }
  }

  #currentTxt(): Record<string, string> {
    const { stored, self, parts, machine } = this;
    const { handle } = stored.identity;
    return agentTxt(machine.state, { handle, model: self.model, version: parts.version });
  }

  #showState(_: AgentState): void {
    if (this.#announcement === null) return;
    const txt = this.#currentTxt();
    const text = JSON.stringify(txt);
    if (text === this.#txt) return;
    this.#txt = text;
    this.#announcement.updateTxt(txt);
  }
}

function samplingOf(
  { ports, config }: AgentParts,
  also: Pick<SamplingParts, "buffer" | "bootId" | "unixNowMs">,
): Sampling {
  const { clock, host, process } = ports;
  const collector = new TelemetryCollector({
    host,
    process,
    clock,
    storagePath: config.storageDir,
  });
  return new Sampling({ clock, collect: () => collector.collect(), ...also });
}

function describeSelf(
  { ports, config, version }: AgentParts,
  stored: StoredAgent,
): SelfDescription {
  const { host, process } = ports;
  const board = readBoard(host);
  return {
    hwClass: hardwareClass(host, process),
    serial: board.serial === null ? null : fitText(board.serial, 48) || null,
    model: modelName(board, process),
    agentVersion: version,
    name: config.name ?? nameOfHost(host.summary().hostname),
    labels: config.labels,
    storageLost: stored.storageLost,
  };
}
