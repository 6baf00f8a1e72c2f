/**
 * From the options of `fleetd agent` to a running agent: lock, storage, local RPC, mDNS, and a clean end.
 *
 * @module
 */
import { resolve } from "node:path";
import { parseToken, ProtocolError } from "@fleetd/firmware-protocol";
import { lockStorage, type StorageLock } from "./adapters/storage_lock.ts";
import { Agent } from "./agent.ts";
import type { LogLevel, Token } from "./agent_state.ts";
import {
  type AgentConfig,
  ConfigError,
  DEFAULT_RPC_PORT,
  DEFAULT_SAMPLE_INTERVAL_S,
  defaultStorageDir,
  parseInterval,
  parseLabel,
  parseName,
  parsePort,
  parseServerUrl,
  parseStorageDir,
} from "./config.ts";
import { lineLog, type Log } from "./log.ts";
import type { Ports } from "./ports.ts";
import { type LocalRpc, PortTakenError, startLocalRpc } from "./rpc/local_rpc.ts";
import { StartError } from "./start_error.ts";
import { layoutOf } from "./storage/layout.ts";

/** The options as the command line gives them. */
export interface AgentOptions {
  readonly server?: string;
  readonly storageDir?: string;
  readonly rpcPort?: string;
  readonly rpcListen?: string;
  readonly tokenFile?: string;
  readonly name?: string;
  readonly label?: readonly string[];
  readonly interval?: string;
  readonly mdns: boolean;
  readonly once?: boolean;
  readonly logLevel: LogLevel;
}

/** What running needs. */
export interface RunContext {
  readonly terminal: {
    /** Takes log lines. */
    err(text: string): void;
    /** Everything on stdin, as text. */
    readStdin(): Promise<string>;
  };
  readonly ports: () => Ports;
  readonly version: string;
}

/** `--once` gives up after this. */
const ONCE_LIMIT_MS = 60_000;
const LABELS_MAX = 8;

/** Runs the agent until SIGINT or SIGTERM. @throws {StartError} @throws {ConfigError} @throws {DiskError} */
export async function runAgent(options: AgentOptions, context: RunContext): Promise<void> {
  const ports = context.ports();
  const config = await configFrom(options, context);
  const write = (line: string) => context.terminal.err(line);
  const log = lineLog({ clock: ports.clock, level: config.logLevel, write });
  const lock = await lockOf(config);
  try {
    const agent = await openAgent({ ports, config, log, version: context.version });
    if (config.once) await runOnce(agent);
    else await runServing(agent);
  } finally {
    lock.release();
  }
}

/** The configuration that the options make. @throws {StartError} @throws {ConfigError} @throws {DiskError} */
export async function configFrom(
  options: AgentOptions,
  context: RunContext,
): Promise<AgentConfig> {
  const { server, storageDir, rpcPort, rpcListen, tokenFile, name, label = [], interval } = options;
  const labels = label.map(parseLabel);
  if (labels.length > LABELS_MAX) {
    throw new ConfigError(
      `Cannot use ${labels.length} labels: a device wishes for at most ${LABELS_MAX}.`,
    );
  }
  return {
    storageDir: storageDir === undefined
      ? defaultStorageDir(context.ports().process)
      : parseStorageDir(storageDir),
    server: server === undefined ? null : parseServerUrl(server),
    token: tokenFile === undefined ? null : await readTokenFile(tokenFile, context),
    name: name === undefined ? null : parseName(name),
    labels,
    sampleIntervalMs: 1_000 *
      (interval === undefined ? DEFAULT_SAMPLE_INTERVAL_S : parseInterval(interval)),
    rpcPort: rpcPort === undefined ? null : parsePort(rpcPort),
    rpcListen: rpcListen ?? null,
    mdns: options.mdns,
    once: options.once ?? false,
    logLevel: options.logLevel,
  };
}

async function readTokenFile(file: string, { terminal, ports }: RunContext): Promise<Token> {
  const bytes = file === "-" ? null : await ports().disk.read(resolve(file));
  if (file !== "-" && bytes === null) {
    throw new StartError(`Cannot read the enrolment token from ${file}: no such file.`, {
      hints: ["fleets tokens create makes one on the server."],
      kind: "usage",
    });
  }
  const text = bytes === null ? await terminal.readStdin() : new TextDecoder().decode(bytes);
  try {
    return parseToken(text);
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    throw new StartError(cause.message, { hints: [], kind: "usage" }, { cause });
  }
}

async function lockOf({ storageDir }: AgentConfig): Promise<StorageLock> {
  let lock: StorageLock | null;
  try {
    lock = await lockStorage(layoutOf(storageDir).lock);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(`Cannot use the storage directory ${storageDir}: ${why}.`, {
      hints: [
        "Pass --storage-dir with a directory that this user may write, or run the agent as root.",
      ],
      kind: "refused",
    }, { cause });
  }
  if (lock !== null) return lock;
  throw new StartError(
    `Cannot start: another agent runs with the storage directory ${storageDir}.`,
    {
      hints: ["fleetd status shows it.", "A second agent needs its own --storage-dir."],
      kind: "refused",
    },
  );
}

async function openAgent(
  parts: { ports: Ports; config: AgentConfig; log: Log; version: string },
): Promise<Agent> {
  try {
    return await Agent.open(parts);
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    const { storageDir } = parts.config;
    const hint = cause.code === "crypto.self_test_failed"
      ? "The cryptography of this machine gives wrong answers; nothing was sent. Try other hardware."
      : `The provisioned bundle in ${storageDir} is damaged: provision the device again.`;
    throw new StartError(
      `Cannot start: ${cause.message}`,
      { hints: [hint], kind: "failed" },
      { cause },
    );
  }
}

async function runOnce(agent: Agent): Promise<void> {
  const { clock, process } = agent.parts.ports;
  const limit = new AbortController();
  const stop = AbortSignal.any([limit.signal, process.stopSignal]);
  const over = clock.sleep(ONCE_LIMIT_MS, stop).then(() => limit.abort());
  const succeeded = await agent.runOnce(stop);
  limit.abort();
  await over;
  if (succeeded) return;
  const { lastFailure } = agent.effects.report;
  const message = lastFailure === null
    ? "Cannot sync: no server was found in time."
    : `Cannot sync: ${lastFailure}.`;
  throw new StartError(message, {
    hints: ["fleetd doctor says what is wrong."],
    kind: "unreachable",
  });
}

async function runServing(agent: Agent): Promise<void> {
  const { ports, config, log, version } = agent.parts;
  const { handle } = agent.stored.identity;
  log.info("The agent starts", { version, handle, storage: config.storageDir });
  const rpc = await startRpc(agent);
  const { disk, process } = ports;
  const path = layoutOf(config.storageDir).rpc;
  try {
    const facts = { port: rpc.port, listen: config.rpcListen, pid: process.pid };
    await disk.replace(path, new TextEncoder().encode(`${JSON.stringify(facts)}\n`))
      .catch((error) =>
        log.warn("Cannot write down the port of the local RPC", { why: String(error) })
      );
    if (config.mdns) await agent.announce(rpc.port);
    await agent.run(process.stopSignal);
  } finally {
    await rpc.close();
    await disk.remove(path).catch(() => {});
    log.info("The agent has stopped", { handle });
  }
}

async function startRpc(agent: Agent): Promise<LocalRpc> {
  const { ports, config, log } = agent.parts;
  const { handle } = agent.stored.identity;
  const { hostname } = ports.host.summary();
  try {
    return await startLocalRpc({
      source: agent.rpcSource(),
      log,
      listen: config.rpcListen,
      port: config.rpcPort,
      defaultPort: DEFAULT_RPC_PORT,
      hostNames: [`${handle}.local`, hostname, `${hostname}.local`].map((name) =>
        name.toLowerCase()
      ),
      nowMs: () => ports.clock.monotonicMs(),
    });
  } catch (error) {
    if (error instanceof PortTakenError) {
      throw new StartError(error.message, { hints: [], kind: "failed" }, { cause: error });
    }
    throw error;
  }
}
