/**
 * @module
 * Discover & enrol: devices that wait, agents seen on the network, tokens that let devices in by themselves.
 */
import { fingerprintOf } from "@fleetd/firmware-protocol";
import { Buffer } from "node:buffer";
import { roleAllows } from "../../access/role.ts";
import type { Device } from "../../devices/device.ts";
import type { NetworkAgent, NetworkView } from "../../discovery/network_agents.ts";
import type { EnrolmentToken } from "../../enrolment/enrolment_tokens.ts";
import {
  Badge,
  Card,
  CommandLine,
  EmptyState,
  Labels,
  Time,
  type Tone,
} from "../components/basics.tsx";
import { Field, FormDialog, OnceDialog, OpenButton } from "../components/dialogs.tsx";
import { nameOf } from "../components/device_state.tsx";
import { Icon } from "../components/icons.tsx";
import { PageHead } from "../layout.tsx";
import { pageRoute } from "../page.tsx";
import { orDash, plural } from "../shared/format.ts";

const SHOWN_WAITING = 50;
const SHOWN_TOKENS = 50;
/** Agents need this long to answer the first question, ms. */
const FIRST_ANSWERS_MS = 3_000;

/** An agent on the network and what this server knows of it. */
interface SeenAgent extends NetworkAgent {
  /** It announces this server's fingerprint. */
  readonly ours: boolean;
}

/** The page's row. */
export const enrolRoute = pageRoute({
  path: "/enrol",
  access: "viewer",
  operation: "showEnrolment",
  summary: "Devices that wait, agents on the network, enrolment tokens",
  section: "enrol",
  render: async ({ scope, caller, nowMs }, features) => {
    const { devicesSurvey, enrolmentTokens, networkAgents, server } = features;
    const [waiting, tokens] = await Promise.all([
      devicesSurvey.page({
        scope,
        state: "pending",
        sort: "added",
        descending: true,
        offset: 0,
        limit: SHOWN_WAITING,
        nowMs,
      }),
      enrolmentTokens.list(),
    ]);
    const prefix = server.fingerprint.replaceAll("-", "").slice(0, 16);
    const network = networkAgents.look();
    const mayChange = roleAllows(caller.role, "operator");
    return {
      title: "Discover & enrol",
      live: { kinds: ["device.changed", "device.removed"], everyS: 3 },
      waiting: waiting.total,
      content: (
        <Enrolment
          waiting={waiting.items}
          total={waiting.total}
          tokens={tokens}
          network={network}
          agents={network.agents.map((agent) => ({
            ...agent,
            ours: agent.serverFingerprintPrefix === prefix,
          }))}
          mayChange={mayChange}
          nowMs={nowMs}
        />
      ),
      dialogs: mayChange ? <EnrolmentDialogs /> : undefined,
    };
  },
});

/** What the page shows. */
export interface EnrolmentProps {
  readonly waiting: readonly Device[];
  readonly total: number;
  readonly tokens: readonly EnrolmentToken[];
  readonly network: NetworkView;
  readonly agents: readonly SeenAgent[];
  readonly mayChange: boolean;
  readonly nowMs: number;
}

/** The page's content. */
export function Enrolment(props: EnrolmentProps) {
  const { mayChange } = props;
  return (
    <>
      <PageHead title="Discover & enrol">
        {mayChange
          ? (
            <div class="actions">
              <OpenButton dialog="new-token" class="primary">
                <Icon name="enrol" />New token
              </OpenButton>
            </div>
          )
          : null}
      </PageHead>
      <div class="stack" data-region="enrolment">
        <Waiting {...props} />
        <Network {...props} />
        <Tokens {...props} />
      </div>
    </>
  );
}

function Waiting({ waiting, total, mayChange, nowMs }: EnrolmentProps) {
  return (
    <Card
      title="Waiting to be let in"
      id="waiting"
      footer={total > waiting.length
        ? <a href="/devices?state=pending">{`All ${plural(total, "device")}`}</a>
        : undefined}
    >
      {waiting.length === 0
        ? (
          <EmptyState title="No device waits">
            <p>
              Start the agent on a device. On this network it finds this server by itself and shows
              up here with its fingerprint; elsewhere tell it the address with{" "}
              <code>--server</code>.
            </p>
            <CommandLine command="fleetd agent" />
          </EmptyState>
        )
        : (
          <ul class="list">
            {waiting.map((device) => (
              <WaitingDevice device={device} mayChange={mayChange} nowMs={nowMs} />
            ))}
          </ul>
        )}
    </Card>
  );
}

function WaitingDevice(
  { device, mayChange, nowMs }: { device: Device; mayChange: boolean; nowMs: number },
) {
  const { handle, model, address, createdAtMs } = device;
  const fingerprint = fingerprintOf(device.publicKey);
  const [path, name] = [`/api/v1/devices/${handle}`, nameOf(device)];
  return (
    <li data-key={`waiting-${handle}`} class="wraps">
      <span class="main">
        <span>
          <a href={`/devices/${handle}`}>{name}</a>
          <span class="soft">
            {` · ${orDash(model)} · ${orDash(address)} · came `}
            <Time atMs={createdAtMs} nowMs={nowMs} />
          </span>
        </span>
        <span class="fingerprint">{fingerprint}</span>
      </span>
      {mayChange
        ? (
          <span class="actions">
            <OpenButton dialog={`accept-${handle}`} class="primary" label={`Accept ${name}`}>
              Accept
            </OpenButton>
            <OpenButton dialog={`reject-${handle}`} label={`Reject ${name}`}>Reject</OpenButton>
            <FormDialog
              id={`accept-${handle}`}
              title={`Accept ${name}?`}
              api={`POST ${path}/accept`}
              body={{ fingerprint }}
              done={`${name} is accepted`}
              submit="Accept"
              command={`fleets devices register ${handle} --fingerprint ${fingerprint}`}
            >
              <p>
                The device itself shows its fingerprint with{" "}
                <code>fleetd status</code>. Accept it when it is this one:
              </p>
              <p class="fingerprint">{fingerprint}</p>
              <p class="soft">If it differs, another device uses the name: reject it.</p>
            </FormDialog>
            <FormDialog
              id={`reject-${handle}`}
              title={`Reject ${name}?`}
              api={`POST ${path}/reject`}
              done={`${name} is rejected`}
              submit="Reject"
              danger
              command={`fleets devices reject ${handle}`}
            >
              <p>It is turned away and told so. It can be accepted later.</p>
            </FormDialog>
          </span>
        )
        : null}
    </li>
  );
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

function Network({ network, agents, nowMs: _ }: EnrolmentProps) {
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

function tokenState(token: EnrolmentToken, nowMs: number): readonly [Tone, string] {
  if (token.revokedAtMs !== null) return ["idle", "revoked"];
  if (token.notAfterMs <= nowMs) return ["idle", "expired"];
  return token.used >= token.maxUses ? ["idle", "spent"] : ["good", "usable"];
}

function Tokens({ tokens, mayChange, nowMs }: EnrolmentProps) {
  return (
    <Card
      title="Tokens"
      id="tokens"
      footer={tokens.length > SHOWN_TOKENS
        ? (
          <span>
            {`The newest ${SHOWN_TOKENS} of ${tokens.length}; all of them: `}
            <code>fleets tokens list</code>
          </span>
        )
        : undefined}
    >
      {tokens.length === 0
        ? (
          <EmptyState title="No tokens">
            <p>
              A token lets devices in without a question: for devices that are set up in numbers, or
              where nobody can compare.
            </p>
            {mayChange
              ? (
                <p>
                  <OpenButton dialog="new-token">New token</OpenButton>
                </p>
              )
              : null}
          </EmptyState>
        )
        : (
          <div class="scroll" tabindex={0} role="region" aria-label="Enrolment tokens">
            <table class="cards">
              <thead>
                <tr>
                  <th scope="col">Token</th>
                  <th scope="col">State</th>
                  <th scope="col" class="num">Used</th>
                  <th scope="col">Ends</th>
                  <th scope="col">Gives</th>
                  {mayChange
                    ? (
                      <th scope="col">
                        <span class="sr">Actions</span>
                      </th>
                    )
                    : null}
                </tr>
              </thead>
              <tbody>
                {tokens.slice(0, SHOWN_TOKENS).map((token) => (
                  <TokenRow token={token} mayChange={mayChange} nowMs={nowMs} />
                ))}
              </tbody>
            </table>
          </div>
        )}
    </Card>
  );
}

function TokenRow(
  { token, mayChange, nowMs }: { token: EnrolmentToken; mayChange: boolean; nowMs: number },
) {
  const id = Buffer.from(token.id).toString("hex");
  const [tone, word] = tokenState(token, nowMs);
  const name = token.name ?? id;
  return (
    <tr data-key={`token-${id}`}>
      <th scope="row">
        <span class="two cut">
          <span>{name}</span>
          <span>{`${token.name === null ? "" : `${id} · `}by ${token.actor}`}</span>
        </span>
      </th>
      <td data-label="State">
        <Badge tone={tone}>{word}</Badge>
      </td>
      <td data-label="Used" class="num">
        {`${token.used} of ${token.maxUses.toLocaleString("en")}`}
      </td>
      <td data-label="Ends">
        <Time atMs={token.notAfterMs} nowMs={nowMs} kind="until" />
      </td>
      <td
        data-label="Gives"
        class={Object.keys(token.labels).length === 0 && token.hwClass === null
          ? "empty"
          : undefined}
      >
        <Labels labels={token.labels} />
        {token.hwClass === null ? null : <span class="soft small">{`only ${token.hwClass}`}</span>}
      </td>
      {mayChange
        ? (
          <td class="num">
            {word === "usable"
              ? (
                <>
                  <OpenButton dialog={`revoke-${id}`} class="small" label={`Revoke ${name}`}>
                    Revoke
                  </OpenButton>
                  <FormDialog
                    id={`revoke-${id}`}
                    title={`Revoke ${name}?`}
                    api={`DELETE /api/v1/enrolment-tokens/${id}`}
                    done={`${name} is revoked`}
                    submit="Revoke"
                    danger
                    command={`fleets tokens revoke ${id}`}
                  >
                    <p>It lets nobody in from now on. Devices it admitted stay.</p>
                  </FormDialog>
                </>
              )
              : null}
          </td>
        )
        : null}
    </tr>
  );
}

function EnrolmentDialogs() {
  return (
    <>
      <FormDialog
        id="new-token"
        title="New enrolment token"
        api="POST /api/v1/enrolment-tokens"
        submit="Make the token"
        result="enrolment-token"
        command="fleets tokens create[ --name {name}] --uses {uses} --ttl {ttlS}s[ --label {labels}][ --class {hwClass}]"
      >
        <Field label="Name" hint="To find it again; the devices do not see it">
          <input
            name="name"
            data-as="optional"
            maxlength={63}
            autocomplete="off"
            placeholder="greenhouse sensors"
            autofocus
          />
        </Field>
        <div class="row">
          <Field label="Devices">
            <input
              name="uses"
              type="number"
              data-as="number"
              min={1}
              max={100_000}
              value="1"
              required
            />
          </Field>
          <Field label="Valid for">
            <select name="ttlS" data-as="number">
              <option value="3600">1 hour</option>
              <option value="86400">1 day</option>
              <option value="604800" selected>7 days</option>
              <option value="2592000">30 days</option>
            </select>
          </Field>
        </div>
        <div class="row">
          <Field label="Label" hint="Given to every device it lets in">
            <input
              name="labels"
              data-as="labels"
              placeholder="site=berlin"
              pattern="[^=\s]+=\S+"
              autocomplete="off"
            />
          </Field>
          <Field label="Hardware class" hint="Empty: any">
            <input
              name="hwClass"
              data-as="optional"
              maxlength={32}
              placeholder="raspberry-pi"
              autocomplete="off"
            />
          </Field>
        </div>
      </FormDialog>
      <OnceDialog />
    </>
  );
}
