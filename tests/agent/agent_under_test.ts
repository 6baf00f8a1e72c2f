/**
 * A whole agent in a fake world with a scripted server: started, stopped, killed and started again as a test likes.
 *
 * @module
 */
import { Agent, type AgentConfig, layoutOf, lineLog, writeDirections } from "@fleetd/agent";
import { parseToken } from "@fleetd/firmware-protocol";
import { type FakeDisk, type FakePorts, fakePorts, PowerCut, settle } from "../fakes/mod.ts";
import { ScriptedServer } from "./scripted_server.ts";

/** Where the fake agent keeps its files. */
export const STORAGE = "/state";
/** Address under which the scripted server is asked. */
export const SERVER_URL = "http://192.0.2.1:8080";

/** One agent and its world. */
export class AgentUnderTest {
  readonly ports: FakePorts;
  readonly server: ScriptedServer;
  readonly lines: string[] = [];
  /** Configuration for the next start. */
  config: AgentConfig = {
    storageDir: STORAGE,
    server: SERVER_URL,
    token: null,
    name: null,
    labels: [],
    sampleIntervalMs: 10_000,
    rpcPort: 0,
    rpcListen: null,
    mdns: true,
    once: false,
    logLevel: "debug",
  };
  agent: Agent | null = null;
  private stopping = new AbortController();
  private running: Promise<unknown> = Promise.resolve();

  constructor({ seed = 1 } = {}) {
    this.ports = fakePorts({ seed });
    const { clock, random, network } = this.ports;
    this.server = new ScriptedServer({ clock, random });
    network.answering = this.server.answering;
    this.ports.host.files.set(
      "/proc/sys/kernel/random/boot_id",
      "0badcafe-0000-4000-8000-000000000000",
    );
  }

  /** Uses a token of the server, as `--token-file` does. */
  withToken(text = this.server.makeToken()): this {
    this.config = { ...this.config, token: parseToken(text) };
    return this;
  }

  /** Starts the agent; whether it got as far as running. A power cut on the way counts as its end. */
  async start(): Promise<boolean> {
    const { clock } = this.ports;
    const log = lineLog({ clock, level: "debug", write: (line) => this.lines.push(line) });
    this.stopping = new AbortController();
    try {
      this.agent = await Agent.open({
        ports: this.ports,
        config: this.config,
        log,
        version: "1.2.3",
      });
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      this.agent = null;
      return false;
    }
    this.running = this.agent.run(this.stopping.signal).catch((error) => {
      if (!(error instanceof PowerCut)) throw error;
    });
    await settle();
    return true;
  }

  /** Stops it as SIGTERM does. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await settle();
    await this.running;
    this.agent = null;
  }

  /** Cuts the power: nothing more reaches the disk, unflushed bytes are lost, the process is gone. */
  async powerCut(): Promise<void> {
    this.ports.disk.cutPower();
    await this.stop();
    this.ports.disk.powerOn();
  }

  /** The state's name, "stopped" without an agent. */
  get state(): string {
    return this.agent?.machine.state.name ?? "stopped";
  }

  /** Lets time pass until the agent is in a state. */
  async until(state: string, limitMs?: number): Promise<void> {
    await this.untilTrue(() => this.state === state, limitMs);
  }

  /** Lets time pass until something holds. */
  async untilTrue(condition: () => boolean, limitMs?: number): Promise<void> {
    await this.ports.clock.advanceUntil(condition, limitMs);
  }

  /** Writes the directions file as `fleetd enroll` and `fleetd trust` do. */
  async direct(directions: Parameters<typeof writeDirections>[1]["directions"]): Promise<void> {
    const path = layoutOf(STORAGE).directions;
    await writeDirections(this.ports.disk as FakeDisk, { path, directions });
  }

  /** Whether a log line holds this text. */
  said(text: string): boolean {
    return this.lines.some((line) => line.includes(text));
  }
}
