/**
 * @module
 * Discover & enrol: devices that wait, agents seen on the network, tokens that let devices in by themselves.
 */
import { fingerprintOf } from "@fleetd/firmware-protocol";
import { roleAllows } from "../../access/role.ts";
import type { Device } from "../../devices/device.ts";
import type { NetworkView } from "../../discovery/network_agents.ts";
import type { EnrolmentToken } from "../../enrolment/enrolment_tokens.ts";
import { Card, CommandLine, EmptyState, Time } from "../components/basics.tsx";
import { FormDialog, OpenButton } from "../components/dialogs.tsx";
import { EnrolmentDialogs, EnrolmentTokensCard } from "../components/enrolment_tokens_card.tsx";
import { NetworkCard, type SeenAgent } from "../components/network_card.tsx";
import { nameOf } from "../components/device_state.tsx";
import { Icon } from "../components/icons.tsx";
import { PageHead } from "../layout.tsx";
import { pageRoute } from "../page.tsx";
import { orDash, plural } from "../shared/format.ts";

const SHOWN_WAITING = 50;
/** The page's row. */
export const enrolRoute = pageRoute({
  path: "/enrol",
  access: "viewer",
  operation: "showEnrolment",
  summary: "Devices that wait, agents on the network, enrolment tokens",
  section: "enrol",
  render: async ({ scope, caller, deviceUrl, nowMs }, features) => {
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
          deviceUrl={deviceUrl}
          nowMs={nowMs}
        />
      ),
      dialogs: mayChange ? <EnrolmentDialogs deviceUrl={deviceUrl} /> : undefined,
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
  /** Where devices reach this server. */
  readonly deviceUrl: string;
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
        <NetworkCard {...props} />
        <EnrolmentTokensCard {...props} />
      </div>
    </>
  );
}

function Waiting({ waiting, total, mayChange, deviceUrl, nowMs }: EnrolmentProps) {
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
              up here with its fingerprint.
            </p>
            <CommandLine command="fleetd agent" />
            <p>On another network, tell it where this server is:</p>
            <CommandLine command={`fleetd agent --server ${deviceUrl}`} />
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
