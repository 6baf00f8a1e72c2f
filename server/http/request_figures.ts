/**
 * @module
 * What the HTTP side counts: requests by route and status and how long they took. Routes are those of the
 * table, so no request can invent a series.
 */

/** Upper bounds of the duration histogram, in seconds; long polls take up to 50. */
export const DURATION_BOUNDS_S = [
  0.001,
  0.0025,
  0.005,
  0.01,
  0.025,
  0.05,
  0.1,
  0.25,
  0.5,
  1,
  2.5,
  10,
  60,
] as const;

/** Durations of one route's requests. */
export interface DurationHistogram {
  /** One count per bound, then those above the last; not cumulative. */
  readonly counts: readonly number[];
  readonly sumS: number;
}

/** Requests counted since the server started. */
export class RequestFigures {
  readonly #byStatus = new Map<string, Map<number, number>>();
  readonly #durations = new Map<string, { counts: number[]; sumS: number }>();
  /** Requests being answered now. */
  inFlight = 0;

  /** Counts one answered request. `route` is a name of the table, or `other`. */
  record(route: string, { status, durationMs }: { status: number; durationMs: number }): void {
    let statuses = this.#byStatus.get(route);
    if (statuses === undefined) this.#byStatus.set(route, statuses = new Map());
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    let histogram = this.#durations.get(route);
    if (histogram === undefined) {
      histogram = { counts: new Array(DURATION_BOUNDS_S.length + 1).fill(0), sumS: 0 };
      this.#durations.set(route, histogram);
    }
    const seconds = durationMs / 1000;
    let at = 0;
    while (at < DURATION_BOUNDS_S.length && seconds > DURATION_BOUNDS_S[at]!) at++;
    histogram.counts[at]! += 1;
    histogram.sumS += seconds;
  }

  /** [route, status, count], every pair seen. */
  *statuses(): Iterable<readonly [route: string, status: number, count: number]> {
    for (const [route, statuses] of this.#byStatus) {
      for (const [status, count] of statuses) yield [route, status, count];
    }
  }

  /** [route, histogram], every route seen. */
  durations(): Iterable<readonly [route: string, histogram: DurationHistogram]> {
    return this.#durations;
  }
}
