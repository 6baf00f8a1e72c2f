/**
 * @module
 * The places of a device's charts and the ranges to choose from. `client/charts.ts` draws them.
 */
import { chartsFor, RANGES } from "../shared/chart_groups.ts";
import { valueText } from "../shared/format.ts";
import { Card, EmptyState } from "./basics.tsx";
import type { DeviceView } from "./device_facts.tsx";

/** The charts. They stand outside of what is refreshed: they go on by themselves. */
export function DeviceCharts({ device, range }: { device: DeviceView; range: string }) {
  const groups = chartsFor(device.latestValues.map(({ metric }) => metric));
  const valueOf = (metric: string) => device.latestValues.find((each) => each.metric === metric);
  const tabs = (
    <nav class="tabs" aria-label="Range of the charts">
      {RANGES.map(({ key, label }) => (
        <a
          href={`/devices/${device.handle}?range=${key}`}
          data-range={key}
          aria-current={key === range ? "true" : undefined}
        >
          {label}
        </a>
      ))}
    </nav>
  );
  if (groups.length === 0) {
    return (
      <div data-region="charts">
        <Card title="Figures over time" id="charts">
          <EmptyState title="No telemetry yet">
            <p>
              {device.admission === "accepted"
                ? "The device sends its figures with its next sync."
                : "A device sends its figures once it was let in."}
            </p>
          </EmptyState>
        </Card>
      </div>
    );
  }
  return (
    <Card title="Figures over time" id="charts" actions={tabs}>
      <div
        class="charts"
        data-charts={range}
        data-handle={device.handle}
        data-interval={device.intervalS}
      >
        {groups.map(({ title, metrics, top, floor, ceiling }) => {
          const newest = valueOf(metrics[0]!);
          return (
            <figure
              class="chart"
              data-metrics={JSON.stringify(metrics)}
              data-top={top}
              data-floor={floor}
              data-ceiling={ceiling}
            >
              <figcaption>
                <b>{title}</b>
                <span class="now" data-region={`now ${metrics[0]}`}>
                  {newest === undefined ? "" : valueText(newest.value, newest.unit)}
                </span>
              </figcaption>
              <div class="plot" role="img" aria-label={title}>
                <div class="wait">Loading …</div>
              </div>
              <div class="key" aria-hidden="true">
                {metrics.map((metric, at) => (
                  <span class={`series-${at + 1}`}>
                    {metric} <span data-value></span>
                  </span>
                ))}
              </div>
            </figure>
          );
        })}
      </div>
    </Card>
  );
}
