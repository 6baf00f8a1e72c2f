/**
 * @module
 * When the samples of a batch were taken: by Unix time, or by the uptime of the boot that sends them. A
 * pure function; what cannot be dated is stored undated, between its neighbours (PROTOCOL §6).
 */
import { type MetricsBatch, TimeBase } from "@fleetd/firmware-protocol";

/** What the dating depends on. */
export interface DatingRequest {
  /** Boot and uptime of the request that brings the batch. */
  readonly bootId: number;
  readonly uptimeMs: number;
  /** When it arrived, Unix ms. */
  readonly receivedAtMs: number;
}

/** Before this the product did not exist: a clock that says so was never set. 2020-01-01. */
const EARLIEST_MS = 1_577_836_800_000;
/** A device's clock may be ahead of the server's by this much, ms. */
const AHEAD_MS = 300_000;

/**
 * What to add to the times of a batch to get Unix ms; null = it cannot be dated.
 * @param lastMs time of the last sample, by the batch's own base
 */
export function dateBatch(
  batch: MetricsBatch,
  { lastMs, request }: { readonly lastMs: number; readonly request: DatingRequest },
): number | null {
  const { receivedAtMs } = request;
  if (batch.base === TimeBase.unix) {
    const isCredible = batch.t0 >= EARLIEST_MS && lastMs <= receivedAtMs + AHEAD_MS;
    return isCredible ? 0 : null;
  }
  if (batch.bootId !== request.bootId || lastMs > request.uptimeMs + AHEAD_MS) return null;
  return receivedAtMs - request.uptimeMs;
}
