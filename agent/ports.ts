/**
 * The doors of the agent: everything it asks of the world outside goes through one of these six ports, so that every other
 * module can be driven by a test with a virtual clock, a disk that breaks and a network that lies. The adapters that
 * implement them on Deno are in `adapters/`, the fakes in `tests/fakes/`.
 *
 * Laws: times are milliseconds unless the name says otherwise; paths are absolute; a port never logs, never retries and
 * never hides a failure. What a host may simply lack (a file under /sys, a statistic) is `null`; what should have worked
 * and did not is a {@linkcode DiskError} or a {@linkcode NetworkError}.
 *
 * @module
 */
import type { AnnouncedService, Announcement, BrowseEvent } from "@fleetd/firmware-protocol";

/** Time, and waiting for it. */
export interface Clock {
  /** Wall clock, Unix milliseconds, integer. May be wrong, and may jump either way. */
  nowMs(): number;
  /**
   * Milliseconds since the host booted, integer, time asleep included where the system counts it. Never goes back while
   * the host runs; two processes of one boot agree on it.
   */
  monotonicMs(): number;
  /**
   * Resolves after `delayMs` (any number; below 0 counts as 0, there is no upper limit), or as soon as `signal` aborts.
   * Never rejects: who must know why it woke looks at the signal.
   */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** One file as {@linkcode Disk.list} shows it. */
export interface DiskEntry {
  /** Name inside the directory, without a path. */
  readonly name: string;
  /** Length of its content. */
  readonly sizeBytes: number;
}

/**
 * The agent's storage. Directories are made when needed (mode 0700), files are private (mode 0600).
 * Every method may throw {@linkcode DiskError}.
 */
export interface Disk {
  /** The whole file, or `null` when there is none. */
  read(path: string): Promise<Uint8Array | null>;
  /**
   * Sets the file's content so that after a crash at any moment it holds either the old bytes or the new ones, whole.
   * Durable when the promise resolves.
   */
  replace(path: string, bytes: Uint8Array): Promise<void>;
  /**
   * Adds bytes at the end, making the file when there is none. Survives the death of the process at once and a power cut
   * only after {@linkcode Disk.flush}; after a power cut the tail may be missing or torn, so readers check what they read.
   * When it throws, the file ends where it ended before, or in a torn record.
   */
  append(path: string, bytes: Uint8Array): Promise<void>;
  /**
   * Makes all that was appended to this file durable. After a failure nothing appended since the last success may be
   * taken as stored (a second try can succeed and still have lost it): write it again elsewhere.
   */
  flush(path: string): Promise<void>;
  /** The plain files of a directory, sorted by name; empty when the directory does not exist. */
  list(directory: string): Promise<DiskEntry[]>;
  /** Removes one file; one that does not exist is no error. Durable when the promise resolves. */
  remove(path: string): Promise<void>;
  /** Bytes that this process may still write on the directory's file system. */
  freeBytes(directory: string): Promise<number>;
}

/** Why a disk operation failed: no space or quota left; not permitted or read-only; anything else. */
export type DiskErrorCode = "disk.full" | "disk.denied" | "disk.failed";

/** A disk operation that failed. `cause` holds what the system said. */
export class DiskError extends Error {
  /** Of the class. */
  override readonly name = "DiskError";
  /** The message says what could not be done, why, and what to do. */
  constructor(readonly code: DiskErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** One HTTP exchange. Redirects are never followed, and no content encoding is asked for. */
export interface HttpRequest {
  /** Only POST carries a body. */
  readonly method: "GET" | "POST";
  /** Absolute http: or https: URL. */
  readonly url: string;
  /** Sent with a Content-Length; POST only. */
  readonly body?: Uint8Array;
  /** Content-Type of `body`. */
  readonly contentType?: string;
  /** For the whole exchange, from name look-up to the last byte of the answer; 1 to 900,000 ms. */
  readonly timeoutMs: number;
  /** A longer answer is cut off with `network.too_large`; 0 to 64 MiB. */
  readonly maxBytes: number;
  /** Aborting it ends the exchange with `network.aborted`. */
  readonly signal?: AbortSignal;
}

/** An HTTP answer, whatever its status. */
export interface HttpAnswer {
  /** 200 to 599. */
  readonly status: number;
  /** Whole body, at most `maxBytes`. */
  readonly body: Uint8Array;
  /** Media type in lower case without parameters, "" when none was named. */
  readonly contentType: string;
  /** Seconds named by Retry-After, when it was a number of seconds; 0 and up. */
  readonly retryAfterS?: number;
}

/** The network as the agent uses it: calls to its server, and mDNS (RFC 6762/6763). */
export interface Network {
  /**
   * Makes one exchange.
   *
   * @throws {NetworkError} when there is no whole answer
   */
  request(request: HttpRequest): Promise<HttpAnswer>;
  /** Servers (`_fleets._tcp`) as they come, change and go, until `signal` aborts; then the iteration ends. */
  findServers(signal: AbortSignal): AsyncIterable<BrowseEvent>;
  /** Shows a service on the links it can be reached on until it is closed. */
  announce(service: AnnouncedService): Promise<Announcement>;
}

/** Why an exchange brought no answer. */
export type NetworkErrorCode =
  /** The address is not one that can be asked. */
  | "network.bad_url"
  /** The name has no address. */
  | "network.unknown_name"
  /** Nobody listens there. */
  | "network.refused"
  /** No route, or the link is down. */
  | "network.unreachable"
  /** The certificate is not trusted, or the TLS handshake failed. */
  | "network.tls"
  /** Time ran out. */
  | "network.timeout"
  /** The caller's signal ended it. */
  | "network.aborted"
  /** The answer was longer than allowed. */
  | "network.too_large"
  /** The connection ended early, or what came was not HTTP. */
  | "network.broken";

/** An exchange without an answer. `cause` holds what the system said. */
export class NetworkError extends Error {
  /** Of the class. */
  override readonly name = "NetworkError";
  /** The message says whom the agent could not reach, why, and what to do. */
  constructor(readonly code: NetworkErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** What this process has used since it started. */
export interface ProcessUsage {
  /** Resident memory. */
  readonly residentBytes: number;
  /** Processor time, user and system, all threads. */
  readonly cpuMs: number;
}

/** The agent's own process. */
export interface Process {
  /** Its number, 1 and up. */
  readonly pid: number;
  /** "linux", "darwin", or what the runtime calls the system. */
  readonly platform: string;
  /** "x86_64", "aarch64", or what the runtime calls the processor. */
  readonly architecture: string;
  /** Whether it runs as user 0. */
  readonly isRoot: boolean;
  /** Aborts at the first SIGINT or SIGTERM; its reason is an Error that names the signal. */
  readonly stopSignal: AbortSignal;
  /** A variable of the environment, or `undefined` when it is not set or may not be read. */
  environment(name: string): string | undefined;
  /** What it has used so far; `null` where the system does not say. */
  usage(): ProcessUsage | null;
}

/** Unpredictable bytes. */
export interface Random {
  /** Fit for keys; `length` 0 to 65,536. */
  bytes(length: number): Uint8Array;
  /** Uniform in [0, 1). For jitter, not for keys. */
  ratio(): number;
}

/** Space on one file system. */
export interface Space {
  /** Its size. */
  readonly totalBytes: number;
  /** total minus every free block, reserved ones counted as free: what `df` calls used. */
  readonly usedBytes: number;
  /** What an ordinary process may still write. */
  readonly availableBytes: number;
}

/** One address of one network interface. */
export interface InterfaceAddress {
  /** As the system calls it, for example "eth0". */
  readonly interfaceName: string;
  /** IPv4 or IPv6. */
  readonly family: 4 | 6;
  /** Without prefix length and zone. */
  readonly address: string;
  /** Six lower-case pairs with colons; all zero where there is none. */
  readonly mac: string;
  /** Whether it leads back to this host. */
  readonly loopback: boolean;
}

/** Memory of the host as the runtime tells it. */
export interface HostMemory {
  /** All that the kernel manages. */
  readonly totalBytes: number;
  /** What a program could get without swapping. */
  readonly availableBytes: number;
  /** All swap. */
  readonly swapTotalBytes: number;
  /** Swap not in use. */
  readonly swapFreeBytes: number;
}

/** What the runtime tells of any system, without /proc. What it does not tell is `null` or "". */
export interface HostSummary {
  /** Host name as the kernel knows it, at most 255 characters. */
  readonly hostname: string;
  /** Kernel release, for example "6.12.34+rpt-rpi-2712". */
  readonly kernel: string;
  /** Seconds since boot. */
  readonly uptimeS: number | null;
  /** Memory and swap. */
  readonly memory: HostMemory | null;
  /** Load averages over 1, 5 and 15 minutes. */
  readonly loads: readonly [number, number, number] | null;
  /** Logical processors, 1 and up. */
  readonly cpuCount: number | null;
  /** Marketing name of the processor. */
  readonly cpuModel: string;
}

/**
 * The machine the agent runs on, read-only. Synchronous, because each answer comes from the kernel's memory; nothing here
 * spawns a process. What cannot be read is `null` or empty, never an exception.
 */
export interface Host {
  /** At most the first 64 KiB of a text file, or `null` when it cannot be read. */
  readText(path: string): string | null;
  /** Names in a directory, sorted; empty when it cannot be read. */
  list(directory: string): string[];
  /** Space of the file system that holds `path`, or `null`. */
  space(path: string): Space | null;
  /** Every address of every interface that is up. */
  addresses(): InterfaceAddress[];
  /** What the runtime tells. */
  summary(): HostSummary;
}

/** All six, as the composition root hands them down. */
export interface Ports {
  /** Time. */
  readonly clock: Clock;
  /** Storage. */
  readonly disk: Disk;
  /** HTTP and mDNS. */
  readonly network: Network;
  /** The agent's own process. */
  readonly process: Process;
  /** Unpredictable bytes. */
  readonly random: Random;
  /** The machine underneath. */
  readonly host: Host;
}
