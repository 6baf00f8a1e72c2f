/**
 * Makes random fields of a message agree with each other (the rules of ts/codec/checks.ts), changing as
 * little as it can.
 *
 * @module
 */
import type { Value } from "./oracle.ts";

const LAST_COUNTER = 2 ** 48 - 1;

/** The value with its fields in agreement. */
export function agree(name: string, value: Value): Value {
  const rule = RULES[name];
  return rule === undefined ? value : rule({ ...value });
}

const RULES: Readonly<Record<string, (value: Value) => Value>> = {
  Hello: (hello) => {
    const majors = [hello.majorMin as number, hello.majorMax as number].sort((a, b) => a - b);
    return { ...hello, majorMin: majors[0], majorMax: majors[1] };
  },
  SyncRequest: (request) => request.clock === 0 ? without(request, "deviceTime") : request,
  SyncReply: (reply) => {
    if (reply.commands !== undefined) reply.commands = ascending(reply.commands as Value[], "id");
    if (reply.resyncNonce === undefined) {
      const error = reply.error as Value | undefined;
      return error?.code === 6 ? { ...reply, error: { ...error, code: 7 } } : reply;
    }
    return { ...reply, error: { ...(reply.error as Value | undefined), code: 6 } };
  },
  Offer: (offer) => {
    if (offer.manifest !== undefined) return without(offer, "manifestDigest");
    return offer.manifestDigest === undefined && offer.action === 1
      ? { ...offer, action: 2 }
      : offer;
  },
  DesiredConfig: (config) => {
    if (config.ticket === undefined) return { ...config, body: config.body ?? new Uint8Array(3) };
    return { ...without(config, "body"), size: config.size ?? 1 };
  },
  DeploymentReport: (report) => {
    const ended = report.state === 6 || report.state === 8;
    return ended && report.runningDigest === undefined ? { ...report, state: 7 } : report;
  },
  MetricsBatch: metricsBatch,
  LogsBatch: (batch) => ({
    ...withBoot(batch),
    first: Math.min(batch.first as number, LAST_COUNTER - 64),
    t0: (batch.t0 as number) % 2 ** 52,
    lines: (batch.lines as Value[]).map((line) => ({
      ...line,
      dtMs: (line.dtMs as number) % 2 ** 52,
    })),
  }),
  ReportsBatch: (batch) => ({
    ...batch,
    first: Math.min(batch.first as number, LAST_COUNTER - 16),
  }),
  Manifest: (manifest) => ({
    ...manifest,
    components: ascending(manifest.components as Value[], "id"),
  }),
  RootDocument: (root) => {
    const keys = (name: string) =>
      [...new Set((root[name] as Uint8Array[] | undefined)?.map((key) => key.toHex()))].sort()
        .map((text) => Uint8Array.fromHex(text));
    const sorted = {
      ...root,
      rootKeys: keys("rootKeys"),
      releaseKeys: keys("releaseKeys"),
    } as Value;
    sorted.serverKeys = keys("serverKeys");
    if (root.revokedKeys !== undefined) sorted.revokedKeys = keys("revokedKeys");
    sorted.threshold = Math.min(root.threshold as number, (sorted.rootKeys as unknown[]).length);
    return sorted;
  },
};

function metricsBatch(batch: Value): Value {
  const columns = ascending(batch.columns as Value[], "id");
  const count = Math.min(batch.count as number, 13);
  const cut = columns.map((column) => ({
    ...column,
    values: (column.values as unknown[]).slice(
      0,
      count === 13 && (column.id as number) % 3 === 0 ? 1 : count,
    ),
  }));
  const dt = typeof batch.dt === "number"
    ? batch.dt
    : Array.from({ length: count - 1 }, (_, at) => (batch.dt as number[])[at] ?? at);
  const agreed: Value = {
    ...withBoot(batch),
    first: Math.min(batch.first as number, LAST_COUNTER - 13),
    t0: (batch.t0 as number) % 2 ** 52,
    dt,
    columns: cut,
    count,
  };
  const custom = columns.some((column) => (column.id as number) >= 128);
  if (custom || batch.dictionaryEntries !== undefined) {
    agreed.dictionary = batch.dictionary ?? new Uint8Array(8);
  }
  if (batch.dictionaryEntries !== undefined) {
    agreed.dictionaryEntries = ascending(batch.dictionaryEntries as Value[], "id");
  }
  return agreed;
}

function withBoot(batch: Value): Value {
  return batch.base === 0 && batch.bootId === undefined ? { ...batch, bootId: 7 } : batch;
}

function without(value: Value, name: string): Value {
  const { [name]: _left, ...rest } = value;
  return rest;
}

/** Entries by ascending, different numbers. */
function ascending(entries: readonly Value[], by: string): Value[] {
  return [...new Map(entries.map((entry) => [entry[by] as number, entry])).values()]
    .sort((a, b) => (a[by] as number) - (b[by] as number));
}
