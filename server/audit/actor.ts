/**
 * @module
 * Who did it: the second argument of every mutation, written into the audit log with the change.
 */

/** The author of a change. */
export interface Actor {
  /** `token:<id> <name>`, `device:<handle>`, `host:<what>` or `system:<what>`; at most 120 characters. */
  readonly name: string;
  /** Address the request came from; null when nobody asked over the network. */
  readonly address: string | null;
}

/** The server itself, for example a clean-up or a migration. */
export function systemActor(what: string): Actor {
  return { name: `system:${what}`, address: null };
}

/** A device, named by its public handle. */
export function deviceActor(handle: string, address: string | null): Actor {
  return { name: `device:${handle}`, address };
}
