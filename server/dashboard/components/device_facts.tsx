/**
 * @module
 * What is known of one device: identity, newest values, inventory and how it changed.
 */
import type * as v from "valibot";
import type { deviceDetailSchema } from "../../http/admin/schemas.ts";
import type { RecordedInventoryChange } from "../../inventory/inventory.ts";
import { bytesText, orDash, spanText, valueText } from "../shared/format.ts";
import { Badge, Card, CopyValue, EmptyState, Time } from "./basics.tsx";

/** A device as its page shows it. */
export type DeviceView = v.InferOutput<typeof deviceDetailSchema> & {
  readonly changes: readonly RecordedInventoryChange[];
  readonly nowMs: number;
};

/** Identity: what it is called, what proves it, how it syncs. */
export function DeviceFacts({ device, mayChange }: { device: DeviceView; mayChange: boolean }) {
  const { nowMs, labels } = device;
  const lost = device.streams.reduce((sum, stream) => sum + stream.lost, 0);
  const facts: readonly (readonly [string, unknown])[] = [
    ["Handle", <code>{device.handle}</code>],
    ["Fingerprint", <CopyValue value={device.fingerprint} />],
    ["Labels", <LabelFacts labels={labels} mayChange={mayChange} />],
    ["Class", device.hwClass],
    ["Serial", orDash(device.serial)],
    ["Agent", device.agentVersion],
    ["Address", orDash(device.address)],
    ["Syncs", `every ${spanText(device.intervalS * 1_000)}`],
    ["Running for", device.uptimeMs === null ? "–" : spanText(device.uptimeMs)],
    ["First seen", <Time atMs={device.createdAtMs} nowMs={nowMs} />],
    ["Accepted", <Time atMs={device.acceptedAtMs} nowMs={nowMs} never="not yet" />],
    ...(lost > 0
      ? [["Records lost", <Badge tone="warn">{lost.toLocaleString("en")}</Badge>] as const]
      : []),
    ...(device.deviceId === undefined
      ? []
      : [["Device id", <code>{device.deviceId}</code>] as const]),
  ];
  return (
    <Card title="Identity" id="identity">
      <dl class="facts body">
        {facts.map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
    </Card>
  );
}

function LabelFacts(
  { labels, mayChange }: { labels: DeviceView["labels"]; mayChange: boolean },
) {
  const pairs = Object.entries(labels);
  return (
    <span class="labels">
      {pairs.length === 0 && !mayChange ? <span class="soft">none</span> : null}
      {pairs.map(([key, value], at) => (
        <span class="label" title={`${key}=${value}`}>
          <b>{key}</b>
          <span>{value}</span>
          {mayChange
            ? (
              <button
                type="button"
                data-opens={`unlabel-${at}`}
                aria-haspopup="dialog"
                aria-label={`Remove the label ${key}`}
              >
                ✕
              </button>
            )
            : null}
        </span>
      ))}
      {mayChange
        ? (
          <button
            class="button small plain"
            type="button"
            data-opens="label"
            aria-haspopup="dialog"
          >
            Add a label
          </button>
        )
        : null}
    </span>
  );
}

/** Every metric's newest value, also of those that have no chart. */
export function LatestValues({ device }: { device: DeviceView }) {
  const { latestValues, nowMs } = device;
  if (latestValues.length === 0) return null;
  return (
    <Card title="Newest values" id="latest">
      <div class="scroll" tabindex={0} role="region" aria-label="Newest values">
        <table>
          <thead>
            <tr>
              <th scope="col">Metric</th>
              <th scope="col" class="num">Value</th>
              <th scope="col" class="num">Measured</th>
            </tr>
          </thead>
          <tbody>
            {latestValues.map(({ metric, unit, value, atMs }) => (
              <tr data-key={metric}>
                <th scope="row">
                  <code>{metric}</code>
                </th>
                <td class="num">{valueText(value, unit)}</td>
                <td class="num soft">
                  <Time atMs={atMs} nowMs={nowMs} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

/** Slow facts, and how they changed. */
export function Inventory({ device }: { device: DeviceView }) {
  const { inventory, changes, nowMs } = device;
  return (
    <Card
      title="Inventory"
      id="inventory"
      footer={inventory === null ? undefined : (
        <span>
          Changed <Time atMs={inventory.changedAtMs} nowMs={nowMs} />
        </span>
      )}
    >
      {inventory === null
        ? (
          <EmptyState title="No inventory yet">
            <p>The device sends what it is made of after it was let in.</p>
          </EmptyState>
        )
        : (
          <dl class="facts body">
            {Object.entries(inventory.fields).map(([name, value]) => (
              <>
                <dt>{name}</dt>
                <dd>{factText(name, value)}</dd>
              </>
            ))}
          </dl>
        )}
      {changes.length === 0 ? null : (
        <details class="body">
          <summary>
            {`What changed (${changes.length === 10 ? "the newest 10" : changes.length})`}
          </summary>
          <ul class="list tight">
            {changes.map(({ id, atMs, field, before, after }) => (
              <li data-key={`change-${id}`}>
                <span class="main">
                  <code>{field}</code>
                  <span>
                    {`${before === null ? "nothing" : factText(field, before)} → ${
                      after === null ? "nothing" : factText(field, after)
                    }`}
                  </span>
                </span>
                <span class="side-text">
                  <Time atMs={atMs} nowMs={nowMs} />
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Card>
  );
}

/** Sizes are told by their names; everything else as it is. */
function factText(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value === "number" && /(^|\.)(memory|flash|disk|swap|size)(\.|$)/.test(name)) {
    return bytesText(value);
  }
  return String(value);
}
