/**
 * Where everything lies in the storage directory.
 *
 * @module
 */

/** Paths of one agent's storage. */
export interface Layout {
  /** The storage directory itself. */
  readonly directory: string;
  /** Device id and static key; two generations, see `saved_file.ts`. */
  readonly identity: string;
  /** Where the agent stands with its server; two generations. */
  readonly state: string;
  /** Reserved sequence numbers; two generations. */
  readonly sequence: string;
  /** Commands taken; two generations. */
  readonly commands: string;
  /** What `fleetd enroll` and `fleetd trust` leave for the agent. */
  readonly directions: string;
  /** What provisioning left: a CBOR bundle. */
  readonly bundle: string;
  /** Space that control files may use when the disk is full. */
  readonly reserve: string;
  /** Where the local RPC of a running agent listens. */
  readonly rpc: string;
  /** Held locked by the one agent that uses this directory. */
  readonly lock: string;
  /** Segments of the metrics stream. */
  readonly metrics: string;
  /** Segments of the reports stream. */
  readonly reports: string;
}

/** The layout of a storage directory (absolute path). */
export function layoutOf(directory: string): Layout {
  const at = (name: string) => `${directory.replace(/\/+$/, "")}/${name}`;
  return {
    directory,
    identity: at("identity"),
    state: at("state"),
    sequence: at("sequence"),
    commands: at("commands"),
    directions: at("directions.json"),
    bundle: at("bundle.cbor"),
    reserve: at("reserve"),
    rpc: at("rpc.json"),
    lock: at("lock"),
    metrics: at("metrics"),
    reports: at("reports"),
  };
}
