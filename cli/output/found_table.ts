/**
 * What was found on the network, as tables.
 *
 * @module
 */
import type { FoundService } from "@fleetd/firmware-protocol";
import type { Column } from "@fleetd/cli/kit";
import type { Admission } from "../api/shapes.ts";
import type { FoundAgent } from "../network/found_agent.ts";
import { formatHostPort } from "../network/host_port.ts";

/** An agent, and what the server signed in to knows of it. */
export interface KnownAgent extends FoundAgent {
  /** Whether that server knows it; null when no server was asked. */
  readonly known: boolean | null;
  readonly admission: Admission | null;
  /** Its name on that server. */
  readonly name: string | null;
}

/** Columns of `discover`. @param asked whether a server was asked about the agents */
export function agentColumns(asked: boolean): Column<KnownAgent>[] {
  return [
    { heading: "HANDLE", key: "handle", value: (a) => a.handle },
    {
      heading: "NAME",
      key: "name",
      value: (a) => a.name,
      shrink: 12,
      drop: 3,
      csvOnly: !asked,
    },
    { heading: "ADDRESS", key: "address", value: (a) => a.address },
    { heading: "MODEL", key: "model", value: (a) => a.model, shrink: 16, drop: 2 },
    { heading: "VERSION", key: "version", value: (a) => a.version, drop: 4 },
    {
      heading: "STATE",
      key: "state",
      value: (a) => a.state,
      style: (text, { item, colours }) =>
        item.state === "accepted"
          ? colours.green(text)
          : item.state === "pending"
          ? colours.yellow(text)
          : text,
    },
    {
      heading: "ON SERVER",
      key: "known",
      value: (a) => a.known,
      show: onServer,
      drop: 1,
      csvOnly: !asked,
    },
  ];
}

/** Columns of `discover --all` and `--service`. */
export function serviceColumns(): Column<FoundService>[] {
  return [
    { heading: "TYPE", key: "type", value: (s) => s.type },
    { heading: "NAME", key: "instance", value: (s) => s.instance, shrink: 10 },
    {
      heading: "ADDRESS",
      key: "address",
      value: (s) => formatHostPort(s.addresses[0] ?? s.host, s.port),
    },
    { heading: "HOST", key: "host", value: (s) => s.host, shrink: 12, drop: 2 },
    { heading: "LINK", key: "interfaceName", value: (s) => s.interfaceName, drop: 3 },
    { heading: "TEXT", key: "txt", value: txtLine, shrink: 12, drop: 1 },
  ];
}

function onServer(agent: KnownAgent): string {
  if (agent.known === null) return "-";
  return agent.known ? agent.admission ?? "yes" : "no";
}

function txtLine({ txt }: FoundService): string {
  return Object.entries(txt).map(([key, value]) => value === "" ? key : `${key}=${value}`).join(
    " ",
  );
}
