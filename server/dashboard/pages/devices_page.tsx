/**
 * @module
 * Devices: a numbered page of them, narrowed and ordered by the server, with what can be done to many at once.
 */
import { fingerprintOf } from "@fleetd/firmware-protocol";
import * as v from "valibot";
import { roleAllows } from "../../access/role.ts";
import type { Device } from "../../devices/device.ts";
import {
  type LabelCount,
  SHOWN_STATES,
  type ShownState,
  type Sort,
  SORTS,
} from "../../devices/survey_devices.ts";
import type { LatestTelemetry } from "../../telemetry/telemetry.ts";
import { CommandLine, EmptyState, Labels, Meter, Time } from "../components/basics.tsx";
import { BulkBar, BulkDialogs } from "../components/bulk.tsx";
import { ConditionBadges, nameOf, StateBadge } from "../components/device_state.tsx";
import { Icon } from "../components/icons.tsx";
import { PageHead } from "../layout.tsx";
import { pageRoute } from "../page.tsx";
import { orDash, percentText, plural, shareOf, valueText } from "../shared/format.ts";

const PAGE_SIZE = 50;
const MOST_PAGES = 10_000;
const SHOWN_LABELS = 50;
/** In a small fleet figures move before one's eyes; a large one is looked at less often. */
const SMALL_FLEET = 200;

const STATE_TEXTS: Readonly<Record<ShownState, string>> = {
  attention: "Need attention",
  online: "Online",
  offline: "Offline",
  pending: "Waiting to be let in",
  quarantined: "Quarantined",
  rejected: "Rejected",
  decommissioned: "Decommissioned",
};

const COLUMNS: readonly (readonly [sort: Sort, text: string, firstDescending: boolean])[] = [
  ["name", "Device", false],
  ["state", "State", false],
  ["seen", "Last sync", true],
  ["version", "Version", true],
];

const text = v.fallback(v.optional(v.pipe(v.string(), v.trim(), v.maxLength(100))), undefined);

const querySchema = v.object({
  q: text,
  state: v.fallback(v.optional(v.picklist(SHOWN_STATES)), undefined),
  label: v.fallback(v.optional(v.pipe(v.string(), v.regex(/^[^=]+=.+$/s))), undefined),
  version: text,
  sort: v.fallback(v.optional(v.picklist(SORTS), "name"), "name"),
  order: v.fallback(v.optional(v.picklist(["asc", "desc"]), "asc"), "asc"),
  page: v.fallback(
    v.optional(
      v.pipe(
        v.string(),
        v.regex(/^\d{1,6}$/),
        v.transform(Number),
        v.minValue(1),
        v.maxValue(MOST_PAGES),
      ),
      "1",
    ),
    1,
  ),
});

/** What the list is narrowed to and how it is ordered. */
export type DevicesQuery = v.InferOutput<typeof querySchema>;

/** The page's row. */
export const devicesRoute = pageRoute({
  path: "/devices",
  access: "viewer",
  operation: "showDevices",
  summary: "Devices, narrowed, ordered and in pages",
  section: "devices",
  query: querySchema,
  render: async ({ query, scope, nowMs, caller }, { devicesSurvey, telemetry }) => {
    const [key, value] = query.label?.split(/=(.*)/s) ?? [];
    const [page, labels] = await Promise.all([
      devicesSurvey.page({
        scope,
        state: query.state,
        filter: query.q,
        labels: key === undefined ? undefined : { [key]: value! },
        version: query.version,
        sort: query.sort,
        descending: query.order === "desc",
        offset: (query.page - 1) * PAGE_SIZE,
        limit: PAGE_SIZE,
        nowMs,
      }),
      devicesSurvey.labels(scope, SHOWN_LABELS),
    ]);
    const latest = await telemetry.latest(page.items.map(({ id }) => id));
    const mayChange = roleAllows(caller.role, "operator");
    return {
      title: "Devices",
      live: {
        kinds: ["device.changed", "device.removed", "device.online", "device.offline"],
        everyS: page.total <= SMALL_FLEET ? 5 : 20,
      },
      content: (
        <DevicesList
          query={query}
          total={page.total}
          devices={page.items}
          latest={latest}
          labels={labels}
          mayChange={mayChange}
          nowMs={nowMs}
        />
      ),
      dialogs: mayChange ? <BulkDialogs /> : undefined,
    };
  },
});

/** What the page shows. */
export interface DevicesListProps {
  readonly query: DevicesQuery;
  readonly total: number;
  readonly devices: readonly Device[];
  readonly latest: ReadonlyMap<number, LatestTelemetry>;
  readonly labels: readonly LabelCount[];
  readonly mayChange: boolean;
  readonly nowMs: number;
}

/** The page's content. */
export function DevicesList(props: DevicesListProps) {
  const { query, total, devices, mayChange } = props;
  return (
    <>
      <PageHead title="Devices">
        <span class="soft" data-region="total" role="status">{plural(total, "device")}</span>
        <div class="actions">
          <a class="button primary" href="/enrol">
            <Icon name="enrol" />Enrol
          </a>
        </div>
      </PageHead>
      <Filters {...props} />
      <div data-region="list" class="stack" data-selection={mayChange}>
        {devices.length === 0 ? <NoDevices query={query} /> : <Table {...props} />}
      </div>
      {mayChange ? <BulkBar /> : null}
    </>
  );
}

function Filters({ query, labels }: DevicesListProps) {
  return (
    <form class="filters" action="/devices" role="search" data-filters aria-label="Filter devices">
      <input
        type="search"
        name="q"
        value={query.q ?? ""}
        placeholder="Name, handle, model or label"
        aria-label="Name, handle, model or label"
        aria-keyshortcuts="/"
        autocomplete="off"
      />
      <select name="state" aria-label="State">
        <option value="">Any state</option>
        {SHOWN_STATES.map((state) => (
          <option value={state} selected={query.state === state}>{STATE_TEXTS[state]}</option>
        ))}
      </select>
      <select name="label" aria-label="Label">
        <option value="">Any label</option>
        {withChosen(labels, query.label).map((pair) => (
          <option value={pair} selected={query.label === pair}>{pair}</option>
        ))}
      </select>
      {query.version === undefined
        ? null
        : <input type="hidden" name="version" value={query.version} />}
      {query.sort === "name" ? null : <input type="hidden" name="sort" value={query.sort} />}
      {query.order === "asc" ? null : <input type="hidden" name="order" value={query.order} />}
      {query.version === undefined
        ? null
        : (
          <a class="button small" href={hrefOf({ ...query, version: undefined })}>
            {`Version ${query.version}`} ✕
          </a>
        )}
      <noscript>
        <button class="button" type="submit">Filter</button>
      </noscript>
    </form>
  );
}

function withChosen(labels: readonly LabelCount[], chosen: string | undefined): string[] {
  const pairs = labels.map(({ key, value }) => `${key}=${value}`);
  return chosen === undefined || pairs.includes(chosen) ? pairs : [chosen, ...pairs];
}

function Table({ query, total, devices, latest, mayChange, nowMs }: DevicesListProps) {
  return (
    <section class="card" aria-label="Devices" data-key="table">
      <div class="scroll" tabindex={0} role="region" aria-label="Table of devices">
        <table class="cards device-rows">
          <thead>
            <tr>
              {mayChange
                ? (
                  <th>
                    <input
                      type="checkbox"
                      data-select-all
                      data-keep
                      aria-label="Select all devices of this page"
                    />
                  </th>
                )
                : null}
              {COLUMNS.map(([sort, name, descending]) => (
                <SortHeading query={query} sort={sort} firstDescending={descending}>
                  {name}
                </SortHeading>
              ))}
              <th scope="col">Labels</th>
              <th scope="col" class="num">CPU</th>
              <th scope="col" class="num">Memory</th>
              <th scope="col" class="num">Disk</th>
              <th scope="col" class="num">Temp.</th>
            </tr>
          </thead>
          <tbody>
            {devices.map((device) => (
              <Row
                device={device}
                latest={latest.get(device.id)}
                mayChange={mayChange}
                nowMs={nowMs}
              />
            ))}
          </tbody>
        </table>
      </div>
      <Pager query={query} total={total} />
    </section>
  );
}

function SortHeading(
  { query, sort, firstDescending, children }: {
    query: DevicesQuery;
    sort: Sort;
    firstDescending: boolean;
    children: string;
  },
) {
  const sorted = query.sort === sort;
  const order = sorted ? query.order === "asc" ? "desc" : "asc" : firstDescending ? "desc" : "asc";
  return (
    <th
      scope="col"
      aria-sort={sorted ? (query.order === "asc" ? "ascending" : "descending") : undefined}
    >
      <a href={hrefOf({ ...query, sort, order, page: 1 })} data-in-place>
        {children}
        {sorted ? <Icon name={query.order === "asc" ? "up" : "down"} size={14} /> : null}
      </a>
    </th>
  );
}

function Row(
  { device, latest, mayChange, nowMs }: {
    device: Device;
    latest: LatestTelemetry | undefined;
    mayChange: boolean;
    nowMs: number;
  },
) {
  const { handle, model } = device;
  const value = (metric: string) => latest?.metrics.find((each) => each.name === metric)?.value;
  const share = (part: string, whole: string) => shareOf(value(part), value(whole));
  const temperature = value("temperature.cpu") ?? value("temperature.max");
  const figures: readonly (readonly [string, number | undefined])[] = [
    ["CPU", value("cpu.use")],
    ["Memory", share("memory.used", "memory.total")],
    ["Disk", share("disk.used", "disk.total")],
  ];
  return (
    <tr data-key={handle}>
      {mayChange
        ? (
          <td class="pick">
            <input
              type="checkbox"
              data-select
              data-handle={handle}
              data-name={nameOf(device)}
              data-admission={device.admission}
              data-fingerprint={fingerprintOf(device.publicKey)}
              aria-label={`Select ${nameOf(device)}`}
            />
          </td>
        )
        : null}
      <th scope="row">
        <span class="two cut">
          <a href={`/devices/${handle}`} title={handle}>{nameOf(device)}</a>
          <span>{orDash(model)}</span>
        </span>
      </th>
      <td class="state" data-label="State">
        <StateBadge device={device} nowMs={nowMs} />
        <ConditionBadges device={device} nowMs={nowMs} />
      </td>
      <td class="seen" data-label="Last sync">
        <Time atMs={device.lastSeenMs} nowMs={nowMs} />
      </td>
      <td class="version" data-label="Version">{device.agentVersion}</td>
      <td
        data-label="Labels"
        class={Object.keys(device.labels).length === 0 ? "empty" : "has-labels"}
      >
        <Labels labels={device.labels} />
      </td>
      {figures.map(([label, ratio], at) => (
        <td class={`num f${at + 1}${ratio === undefined ? " empty" : ""}`} data-label={label}>
          <Meter share={ratio} text={ratio === undefined ? "" : percentText(ratio)} />
        </td>
      ))}
      <td
        class={`num ${figures[0]![1] === undefined ? "f1" : "f4"}${
          temperature === undefined ? " empty" : ""
        }`}
        data-label="Temp."
      >
        {temperature === undefined ? <span class="soft">–</span> : valueText(temperature, "degC")}
      </td>
    </tr>
  );
}

function Pager({ query, total }: { query: DevicesQuery; total: number }) {
  const pages = Math.max(1, Math.ceil(total / PAGE_SIZE));
  const first = (query.page - 1) * PAGE_SIZE + 1;
  const last = Math.min(total, query.page * PAGE_SIZE);
  const link = (page: number, name: string, icon: "left" | "right") =>
    page < 1 || page > pages ? null : (
      <a
        class="button small icon"
        href={hrefOf({ ...query, page })}
        data-in-place
        aria-label={name}
      >
        <Icon name={icon} size={16} />
      </a>
    );
  return (
    <footer>
      <span>
        {`${first.toLocaleString("en")}–${last.toLocaleString("en")} of ${
          total.toLocaleString("en")
        }`}
      </span>
      <nav class="pager" aria-label="Pages of the list">
        {link(query.page - 1, "Previous page", "left")}
        {pages > 1 ? <span>{`Page ${query.page} of ${pages}`}</span> : null}
        {link(query.page + 1, "Next page", "right")}
      </nav>
    </footer>
  );
}

function NoDevices({ query }: { query: DevicesQuery }) {
  const narrowed = query.q || query.state || query.label || query.version;
  return (
    <div class="card" data-key="none">
      {query.page > 1
        ? (
          <EmptyState title="This page is empty">
            <p>The list has become shorter.</p>
            <p>
              <a class="button" href={hrefOf({ ...query, page: 1 })}>Go to the first page</a>
            </p>
          </EmptyState>
        )
        : narrowed
        ? (
          <EmptyState title="No device matches">
            <p>Try fewer words, or another state or label.</p>
            <p>
              <a class="button" href="/devices">Show all devices</a>
            </p>
          </EmptyState>
        )
        : (
          <EmptyState title="No devices yet">
            <p>
              Start the agent on a device: on this network it finds this server by itself and waits
              to be let in.
            </p>
            <CommandLine command="fleetd agent" />
            <p>
              <a class="button primary" href="/enrol">Discover &amp; enrol</a>
            </p>
          </EmptyState>
        )}
    </div>
  );
}

/** The address of the same list with other wishes; what is as by default stays out of it. */
export function hrefOf({ q, state, label, version, sort, order, page }: DevicesQuery): string {
  const query = new URLSearchParams();
  const add = (name: string, value: string | undefined, usual?: string) => {
    if (value !== undefined && value !== "" && value !== usual) query.set(name, value);
  };
  add("q", q);
  add("state", state);
  add("label", label);
  add("version", version);
  add("sort", sort, "name");
  add("order", order, "asc");
  add("page", String(page), "1");
  const text = query.toString();
  return text === "" ? "/devices" : `/devices?${text}`;
}
