/**
 * Rules across the fields of one message. Each returns what is wrong, or undefined; the generated readers
 * turn that into `schema.inconsistent`, the writers into a `RangeError`.
 *
 * @module
 */
import {
  DeploymentStateCode,
  OfferAction,
  PROTOCOL,
  TimeBase,
  WireErrorCode,
} from "../messages.gen.ts";
import type {
  Column,
  DeploymentReport,
  DesiredConfig,
  Hello,
  LogsBatch,
  Manifest,
  MetricsBatch,
  Offer,
  ReportsBatch,
  RootDocument,
  SyncReply,
  SyncRequest,
} from "../messages.gen.ts";
import { compareBytes } from "./compare_bytes.ts";

const MAX_COUNTER = 2 ** 48 - 1;

/** majorMin ≤ majorMax. */
export function checkHello({ majorMin, majorMax }: Hello): string | undefined {
  return majorMin > majorMax ? "majorMin is larger than majorMax" : undefined;
}

/** A device time needs a clock. */
export function checkSyncRequest({ clock, deviceTime }: SyncRequest): string | undefined {
  return deviceTime !== undefined && clock === 0 ? "deviceTime without a clock" : undefined;
}

/** Resync and its nonce come together. */
export function checkSyncReply({ error, resyncNonce, commands }: SyncReply): string | undefined {
  const resync = error?.code === WireErrorCode.resync;
  if (resync !== (resyncNonce !== undefined)) {
    return "resyncNonce goes with error resync and nothing else";
  }
  return ascending((commands ?? []).map((command) => command.id), "commands");
}

/** One manifest for an installation. */
export function checkOffer({ action, manifest, manifestDigest }: Offer): string | undefined {
  if (manifest !== undefined && manifestDigest !== undefined) {
    return "manifest and manifestDigest exclude each other";
  }
  const neither = manifest === undefined && manifestDigest === undefined;
  return action === OfferAction.install && neither
    ? "an installation needs manifest or manifestDigest"
    : undefined;
}

/** A configuration is inside or behind a ticket. */
export function checkDesiredConfig({ body, ticket, size }: DesiredConfig): string | undefined {
  if ((body === undefined) === (ticket === undefined)) return "exactly one of body and ticket";
  return ticket !== undefined && size === undefined ? "a ticket needs a size" : undefined;
}

/** The end states name what runs. */
export function checkDeploymentReport(
  { state, runningDigest }: DeploymentReport,
): string | undefined {
  const named = state === DeploymentStateCode.succeeded || state === DeploymentStateCode.rolledBack;
  return named && runningDigest === undefined
    ? "runningDigest is missing in an end state"
    : undefined;
}

/** Column lengths, spacing, custom ids, time base and counters agree. */
export function checkMetricsBatch(batch: MetricsBatch): string | undefined {
  const { count, columns, dt, t0, dictionary, dictionaryEntries } = batch;
  let span = 0;
  if (typeof dt === "number") {
    span = dt * (count - 1);
  } else {
    if (dt.length !== count - 1) return "dt has not count − 1 entries";
    for (let at = 0; at < dt.length; at++) span += dt[at] as number;
  }
  if (t0 + span > Number.MAX_SAFE_INTEGER) return "the last time is larger than 2^53 − 1";
  for (let at = 0; at < columns.length; at++) {
    const size = (columns[at] as Column).values.length;
    if (size !== count && size !== 1) return "a column has not count entries";
  }
  const last = columns[columns.length - 1];
  if (last !== undefined && last.id >= PROTOCOL.customIdMin && dictionary === undefined) {
    return "ids of 128 and more need a dictionary";
  }
  if (dictionaryEntries !== undefined) {
    if (dictionary === undefined) return "dictionaryEntries without dictionary";
    const wrong = ascending(dictionaryEntries.map((entry) => entry.id), "dictionaryEntries");
    if (wrong !== undefined) return wrong;
  }
  return checkRecords(batch, count) ?? checkTimeBase(batch);
}

/** Time base and counters agree. */
export function checkLogsBatch(batch: LogsBatch): string | undefined {
  for (const { dtMs } of batch.lines) {
    if (batch.t0 + dtMs > Number.MAX_SAFE_INTEGER) return "a time is larger than 2^53 − 1";
  }
  return checkRecords(batch, batch.lines.length) ?? checkTimeBase(batch);
}

/** Counters stay within 48 bits. */
export function checkReportsBatch(batch: ReportsBatch): string | undefined {
  return checkRecords(batch, batch.items.length);
}

/** Component ids ascend. */
export function checkManifest({ components }: Manifest): string | undefined {
  return ascending(components.map((component) => component.id), "components");
}

/** Keys ascend, and the threshold can be met. */
export function checkRootDocument(root: RootDocument): string | undefined {
  if (root.threshold > root.rootKeys.length) {
    return "threshold is larger than the number of rootKeys";
  }
  return keysAscend(root.rootKeys, "rootKeys") ?? keysAscend(root.releaseKeys, "releaseKeys") ??
    keysAscend(root.serverKeys, "serverKeys") ?? keysAscend(root.revokedKeys ?? [], "revokedKeys");
}

function checkRecords({ first }: { first: number }, count: number): string | undefined {
  return first + count - 1 > MAX_COUNTER ? "the last counter is larger than 2^48 − 1" : undefined;
}

function checkTimeBase({ base, bootId }: { base: number; bootId?: number }): string | undefined {
  return base === TimeBase.uptime && bootId === undefined ? "base 0 needs a bootId" : undefined;
}

function ascending(ids: readonly number[], what: string): string | undefined {
  for (let at = 1; at < ids.length; at++) {
    if ((ids[at] as number) <= (ids[at - 1] as number)) return `${what} are not ascending`;
  }
  return undefined;
}

function keysAscend(keys: readonly Uint8Array[], what: string): string | undefined {
  for (let at = 1; at < keys.length; at++) {
    if (compareBytes(keys[at - 1] as Uint8Array, keys[at] as Uint8Array) >= 0) {
      return `${what} are not ascending`;
    }
  }
  return undefined;
}
