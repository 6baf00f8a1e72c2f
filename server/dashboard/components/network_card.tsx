/**
 * @module
 * Agents seen on the server's own links: hints, each in its own words.
 */
import type { NetworkAgent, NetworkView } from "../../discovery/network_agents.ts";
import { orDash } from "../shared/format.ts";
import { Badge, Card, CommandLine, EmptyState, type Tone } from "./basics.tsx";

/** Agents need this long to answer the first question, ms. */
const FIRST_ANSWERS_MS = 3_000;

/** An agent on the network and what this server knows of it. */
export interface SeenAgent extends NetworkAgent {
  /** It announces this server's fingerprint. */
  readonly ours: boolean;
}

const AGENT_STATES: Readonly<Record<string, readonly [Tone, string]>> = {
  unenrolled: ["info", "looks for a server"],
  waiting: ["info", "knocks at a server"],
  pending: ["warn", "waits to be let in"],
  accepted: ["good", "accepted"],
  rejected: ["idle", "rejected"],
  quarantined: ["bad", "quarantined"],
  decommissioned: ["idle", "decommissioned"],
};

/** The card. */
export function NetworkCard(
  { network, agents }: { network: NetworkView; agents: readonly SeenAgent[] },
) {
  return (
    <Card
      title="Seen on this network"
      id="network"
      footer={
        <>
          <span>
            What agents say of themselves; only a fingerprint compared on the device proves one.
          </span>
          <span class="cli-line">
            <code>fleets discover</code>
          </span>
        </>
      }
    >
      {agents.length === 0
        ? <NoAgents network={network} />
        : (
          <div class="scroll" tabindex={0} role="region" aria-label="Agents seen on this network">
            <table class="cards">
              <thead>
                <tr>
                  <th scope="col">Device</th>
                  <th scope="col">State</th>
                  <th scope="col">Server</th>
                  <th scope="col">Address</th>
                  <th scope="col">Agent</th>
                </tr>
              </thead>
              <tbody>
                {agents.map((agent) => <AgentRow agent={agent} />)}
              </tbody>
            </table>
          </div>
        )}
    </Card>
  );
}

function AgentRow({ agent }: { agent: SeenAgent }) {
  const { handle, model, version, state, addresses, port, ours, serverFingerprintPrefix } = agent;
  const [tone, word] = AGENT_STATES[state] ?? ["idle", state];
  const known = ours && /^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/.test(handle);
  return (
    <tr data-key={`agent-${handle}`}>
      <th scope="row">
        <span class="two cut">
          {known ? <a href={`/devices/${handle}`}>{handle}</a> : <span>{handle}</span>}
          <span>{orDash(model)}</span>
        </span>
      </th>
      <td data-label="State">
        <Badge tone={tone}>{word}</Badge>
      </td>
      <td data-label="Server">
        {ours
          ? "this one"
          : serverFingerprintPrefix === null
          ? <span class="soft">none</span>
          : (
            <span class="two">
              <span>another</span>
              <code>{serverFingerprintPrefix}</code>
            </span>
          )}
      </td>
      <td data-label="Address">
        <code>{addresses[0] === undefined ? "–" : hostPort(addresses[0], port)}</code>
      </td>
      <td data-label="Agent">{orDash(version)}</td>
    </tr>
  );
}

function hostPort(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

function NoAgents({ network }: { network: NetworkView }) {
  if (network.looking === "off") {
    return (
      <EmptyState title="This server does not look">
        <p>
          It was started with <code>--no-mdns</code>. From any machine on the devices' network:
        </p>
        <CommandLine command="fleets discover" />
      </EmptyState>
    );
  }
  if (network.looking === "failed") {
    return (
      <EmptyState title="Looking failed">
        <p>
          The server could not open its multicast sockets; its log says why. From another machine:
        </p>
        <CommandLine command="fleets discover" />
      </EmptyState>
    );
  }
  return network.forMs < FIRST_ANSWERS_MS
    ? (
      <EmptyState title="Looking …">
        <p>Agents answer within a few seconds.</p>
      </EmptyState>
    )
    : (
      <EmptyState title="No agent answers on this network">
        <p>
          An agent announces itself while it runs. Devices on other networks still reach this server
          by its address.
        </p>
      </EmptyState>
    );
}
