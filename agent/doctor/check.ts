/**
 * The form of one finding of `fleetd doctor`.
 *
 * @module
 */

/** One thing looked at. */
export interface Check {
  /** What was looked at, in a few words. */
  readonly name: string;
  /** `false` when the agent cannot work like this, "warning" when it works less well than it could. */
  readonly ok: boolean | "warning";
  /** What was found. */
  readonly found: string;
  /** What to do; empty when all is well. */
  readonly advice: string;
}

/** A finding with nothing to do. */
export function good(name: string, found: string): Check {
  return { name, ok: true, found, advice: "" };
}

/** A finding that the agent can live with. */
export function warning(name: string, { found, advice }: Finding): Check {
  return { name, ok: "warning", found, advice };
}

/** A finding that the agent cannot live with. */
export function bad(name: string, { found, advice }: Finding): Check {
  return { name, ok: false, found, advice };
}

/** What was found, and what to do about it. */
export interface Finding {
  /** What was found. */
  readonly found: string;
  /** What to do, not empty. */
  readonly advice: string;
}
