/**
 * The fields that a server must be told in the first sync after a start, after a change, and when it asks (the rows
 * marked S in PROTOCOL §8): what was told is remembered, so that nothing is said twice and nothing is forgotten.
 *
 * @module
 */
import { type SyncRequest, syncRequestFields } from "@fleetd/firmware-protocol";

/** The facts of this agent; what it does not have yet (a configuration) is left out. */
export type Facts = Required<
  Pick<
    SyncRequest,
    | "agentVersion"
    | "clock"
    | "bootReason"
    | "rxMax"
    | "running"
    | "commandsThrough"
    | "rootVersion"
    | "inventoryDigest"
    | "highestAttempt"
  >
>;

/** Highest key of a request that a device may send before it is accepted. */
export const KEY_MAX_UNACCEPTED = 9;

/** What one server knows. */
export class ToldFacts {
  private readonly told = new Map<keyof Facts, string>();

  /** The facts that it does not know, or knows otherwise; of a device that is not accepted only those it may send. */
  untold(facts: Facts, { accepted }: { readonly accepted: boolean }): Partial<Facts> {
    const names = (Object.keys(facts) as (keyof Facts)[]).filter((name) =>
      isHeard(name, accepted) && this.told.get(name) !== encoded(name, facts)
    );
    return Object.fromEntries(names.map((name) => [name, facts[name]]));
  }

  /** A verified answer came to a request that held these; of a device that is not accepted the server hears only some. */
  markTold(sent: Partial<Facts>, { accepted }: { readonly accepted: boolean }): void {
    for (const name of Object.keys(sent) as (keyof Facts)[]) {
      if (isHeard(name, accepted)) this.told.set(name, encoded(name, sent as Facts));
    }
  }

  /** It must be told these again; all of them without an argument. */
  forget(...names: (keyof Facts)[]): void {
    if (names.length === 0) this.told.clear();
    for (const name of names) this.told.delete(name);
  }
}

function isHeard(name: keyof Facts, accepted: boolean): boolean {
  return accepted || syncRequestFields[name].key <= KEY_MAX_UNACCEPTED;
}

function encoded(name: keyof Facts, facts: Facts): string {
  const codec = syncRequestFields[name] as { encode(value: unknown): Uint8Array };
  return codec.encode(facts[name]).toString();
}
