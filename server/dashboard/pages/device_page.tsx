/**
 * @module
 * One device: what it is and how it does, live; what happened to it; what can be done about it.
 */
import * as v from "valibot";
import { roleAllows } from "../../access/role.ts";
import { detailOf, findDevice } from "../../http/admin/device_views.ts";
import { handleParams } from "../../http/schema_parts.ts";
import { DeviceActions, DeviceDialogs } from "../components/device_actions.tsx";
import { DeviceCharts } from "../components/device_charts.tsx";
import {
  DeviceFacts,
  type DeviceView,
  Inventory,
  LatestValues,
} from "../components/device_facts.tsx";
import { Badge, Card, EmptyState, Time } from "../components/basics.tsx";
import { nameOf, StateBadge } from "../components/device_state.tsx";
import { EventsList } from "../components/events_list.tsx";
import { Icon } from "../components/icons.tsx";
import { PageHead } from "../layout.tsx";
import { pageRoute } from "../page.tsx";
import { orDash } from "../shared/format.ts";
import { RANGES } from "../shared/chart_groups.ts";

const SHOWN_CHANGES = 10;
/** Alarms that the state in the head says already. */
const SAID_ELSEWHERE = new Set(["device.offline"]);

const querySchema = v.object({
  range: v.fallback(v.optional(v.picklist(RANGES.map(({ key }) => key)), "1h"), "1h"),
});

/** The page's row. */
export const deviceRoute = pageRoute({
  path: "/devices/:handle",
  access: "viewer",
  operation: "showDevice",
  summary: "One device: figures, facts, events, and what can be done about it",
  section: "devices",
  params: handleParams,
  query: querySchema,
  render: async ({ params, query, scope, caller, nowMs }, features) => {
    const device = await findDevice(scope, params.handle, features);
    const [detail, changes] = await Promise.all([
      detailOf(device, { caller, scope, features }),
      features.inventory.changes(scope, { deviceId: device.id, limit: SHOWN_CHANGES }),
    ]);
    const view: DeviceView = { ...detail, changes, nowMs };
    const mayChange = roleAllows(caller.role, "operator");
    return {
      title: nameOf(device),
      live: {
        kinds: [
          "device.changed",
          "device.removed",
          "device.online",
          "device.offline",
          "device.telemetry",
          "event.recorded",
          "command.finished",
        ],
        handle: device.handle,
      },
      content: (
        <DeviceContent device={view} range={query.range} mayChange={mayChange} role={caller.role} />
      ),
      dialogs: mayChange ? <DeviceDialogs device={view} role={caller.role} /> : undefined,
    };
  },
});

/** What the page shows. */
export interface DeviceContentProps {
  readonly device: DeviceView;
  readonly range: string;
  readonly mayChange: boolean;
  readonly role: "viewer" | "operator" | "admin";
}

/** The page's content. */
export function DeviceContent({ device, range, mayChange, role }: DeviceContentProps) {
  const { nowMs } = device;
  return (
    <>
      <div data-region="head" class="stack">
        <PageHead title={nameOf(device)} crumb={<a href="/devices">Devices</a>}>
          <StateBadge device={device} nowMs={nowMs} />
          <span class="soft">
            {orDash(device.model)} · synced <Time atMs={device.lastSeenMs} nowMs={nowMs} />
          </span>
          {mayChange ? <DeviceActions device={device} role={role} /> : null}
        </PageHead>
        {device.alarms.filter(({ code }) => !SAID_ELSEWHERE.has(code)).map(({ code, text }) => (
          <div class={`note ${code === "device.tofu" ? "warn" : "bad"}`} data-key={code}>
            <Icon name="alarm" />
            <div>{text}</div>
          </div>
        ))}
        {device.admission === "pending"
          ? (
            <div class="note warn" data-key="pending">
              <Icon name="question" />
              <div>
                <b>It waits to be let in.</b> Compare this fingerprint with the one that{" "}
                <code>fleetd status</code> shows on the device:
                <div class="fingerprint">{device.fingerprint}</div>
              </div>
            </div>
          )
          : null}
      </div>
      <DeviceCharts device={device} range={range} />
      <div class="grid" data-region="facts">
        <div class="half stack">
          <LatestValues device={device} />
          <Card title="Events" id="events">
            {device.events.length === 0
              ? (
                <EmptyState title="No events yet">
                  <p>What the device reports and what the server notices about it shows up here.</p>
                </EmptyState>
              )
              : <EventsList events={device.events as never} nowMs={nowMs} />}
          </Card>
        </div>
        <div class="half stack">
          <DeviceFacts device={device} mayChange={mayChange} />
          <Inventory device={device} />
        </div>
      </div>
    </>
  );
}

/** A note at the foot of a card. */
export function Lost({ lost }: { lost: number }) {
  return lost === 0 ? null : <Badge tone="warn">{`${lost.toLocaleString("en")} lost`}</Badge>;
}
