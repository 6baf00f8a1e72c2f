/**
 * @module
 * Prometheus' text format 0.0.4: families with help and type, labels escaped, values as they are.
 */

/** One series of a family. */
export interface PromSample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
  /** Added to the family's name: `_bucket`, `_sum`, `_count`. */
  readonly suffix?: string;
}

/** One family. */
export interface PromFamily {
  /** `[a-z_]+`, with its unit as suffix. */
  readonly name: string;
  readonly type: "gauge" | "counter" | "histogram";
  readonly help: string;
  readonly samples: readonly PromSample[];
}

/** The Content-Type of the format. */
export const PROMETHEUS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** All families as text; families without samples are left out. */
export function prometheusText(families: readonly PromFamily[]): string {
  const lines: string[] = [];
  for (const { name, type, help, samples } of families) {
    if (samples.length === 0) continue;
    lines.push(`# HELP ${name} ${escaped(help)}`, `# TYPE ${name} ${type}`);
    for (const { labels, value, suffix } of samples) {
      lines.push(`${name}${suffix ?? ""}${labelText(labels ?? {})} ${valueText(value)}`);
    }
  }
  return lines.join("\n") + "\n";
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([key, value]) =>
    `${key}="${escaped(value).replaceAll('"', '\\"')}"`
  );
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function valueText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  return value === Infinity ? "+Inf" : value === -Infinity ? "-Inf" : String(value);
}
