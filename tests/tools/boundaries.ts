/**
 * The dependency rule of the house as one table, read by the lint plugin and by the architecture test.
 *
 * @module
 */

/** The top-level folders that hold code. */
export type Room =
  | "firmware-protocol"
  | "agent"
  | "server"
  | "cli"
  | "cli/kit"
  | "provision"
  | "tests";

/** Who may import whom, and why nobody else may. `"*"` stands for every room. */
export const EDGES: Readonly<
  Record<Room, { readonly may: readonly string[]; readonly because: string }>
> = {
  "firmware-protocol": {
    may: [],
    because:
      "the wire protocol stands alone, so that firmware and third parties can follow it without the rest",
  },
  "cli/kit": {
    may: [],
    because: "the kit serves all three command lines, so it must not drag one of them into another",
  },
  agent: {
    may: ["firmware-protocol", "cli/kit"],
    because:
      "the agent runs on small devices: it carries the protocol and the command-line kit, nothing else",
  },
  server: {
    may: ["firmware-protocol"],
    because: "the server knows devices by the protocol alone, never by the agent's code",
  },
  cli: {
    may: ["cli/kit", "firmware-protocol", "server"],
    because:
      "the administrator's tool talks HTTP; it starts the server in cli/commands/server.ts and browses mDNS in discover",
  },
  provision: {
    may: ["firmware-protocol", "cli/kit"],
    because: "provisioning writes what the protocol defines and shares the command-line kit",
  },
  tests: { may: ["*"], because: "tests may use every exported surface; nothing imports tests" },
};

/** Edges that only one file may draw. */
export const SINGLE_DOORS: readonly {
  readonly from: Room;
  readonly to: Room;
  readonly file: string;
  readonly because: string;
}[] = [
  {
    from: "cli",
    to: "server",
    file: "cli/commands/server.ts",
    because: "only `fleets server` starts a server; every other command talks HTTP to one",
  },
];

/** The room of a path relative to the repository's root, or undefined for a file outside the rooms. */
export function roomOf(path: string): Room | undefined {
  const [top, second] = path.split("/");
  if (top === "cli" && second === "kit") return "cli/kit";
  return top !== undefined && top in EDGES ? top as Room : undefined;
}

/** The reason why `from` may not import `to`, or undefined where it may. Paths are relative to the root. */
export function refusal(fromFile: string, toFile: string): string | undefined {
  const from = roomOf(fromFile), to = roomOf(toFile);
  if (from === undefined || to === undefined || from === to) return undefined;
  const rule = EDGES[from];
  if (!rule.may.includes("*") && !rule.may.includes(to)) return rule.because;
  const door = SINGLE_DOORS.find((d) => d.from === from && d.to === to);
  return door !== undefined && door.file !== fromFile ? door.because : undefined;
}
