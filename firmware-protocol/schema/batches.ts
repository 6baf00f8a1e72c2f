/**
 * Batches of the three record streams and the bodies of typed reports.
 *
 * @module
 */
import {
  b,
  e,
  field as f,
  i,
  list,
  MAX_COUNTER,
  type Message,
  note,
  special,
  t,
  type Tuple,
  tuple,
  u,
  u32,
  upTo,
} from "./types.ts";

/** PROTOCOL §8: metrics, logs and reports batch, report bodies. */
export const BATCHES: readonly Message[] = [
  {
    name: "MetricsBatch",
    doc: "Consecutive samples in delta columns; value = integer × 10^scale.",
    check: "checkMetricsBatch",
    fields: [
      f(1, "epoch", u32, "R", "Epoch of the stream's buffer."),
      f(2, "first", u(MAX_COUNTER), "R", "Counter of the first sample."),
      f(3, "t0", u(), "R", "Time of the first sample: Unix ms (base 1) or uptime ms (base 0)."),
      f(4, "base", u(1), "R", "1 Unix time, 0 uptime of bootId."),
      f(5, "bootId", u32, "O", "Boot the uptime belongs to; required with base 0."),
      f(6, "dt", special("Spacing"), "R", "Constant spacing in ms, or the count − 1 spacings."),
      f(
        7,
        "dictionary",
        b(8),
        "O",
        "Digest of the custom dictionary; required with ids of 128 and more.",
      ),
      f(
        8,
        "dictionaryEntries",
        list(tuple("DictionaryEntry"), 64, 1),
        "O",
        "The dictionary itself, ids ascending.",
      ),
      f(
        9,
        "columns",
        special("Columns"),
        "R",
        "One column for each metric, at most 64, ids ascending.",
      ),
      f(10, "count", u(1_024, 1), "R", "Number of samples, 1 to 1,024."),
    ],
  },
  {
    name: "LogsBatch",
    doc: "Consecutive log lines.",
    maxBytes: 8_192,
    check: "checkLogsBatch",
    fields: [
      f(1, "epoch", u32, "R", "Epoch of the stream's buffer."),
      f(2, "first", u(MAX_COUNTER), "R", "Counter of the first line."),
      f(3, "t0", u(), "R", "Time the lines count from: Unix ms (base 1) or uptime ms (base 0)."),
      f(4, "base", u(1), "R", "1 Unix time, 0 uptime of bootId."),
      f(5, "bootId", u32, "O", "Boot the uptime belongs to; required with base 0."),
      f(6, "lines", list(tuple("LogLine"), 64, 1), "R", "1 to 64 lines."),
    ],
  },
  {
    name: "ReportsBatch",
    doc: "Consecutive reports: command results, deployment reports, events.",
    check: "checkReportsBatch",
    fields: [
      f(1, "epoch", u32, "R", "Epoch of the stream's buffer."),
      f(2, "first", u(MAX_COUNTER), "R", "Counter of the first report."),
      f(3, "items", special("ReportItems"), "R", "1 to 16 reports."),
    ],
  },
  {
    name: "CommandReport",
    doc: "Result of one command, or one part of it.",
    fields: [
      f(1, "id", u(), "R", "Id of the command."),
      f(2, "status", e("CommandStatus"), "R", "How it ended."),
      f(3, "code", i, "O", "Exit code or what the command calls its result."),
      f(4, "output", upTo(1_024), "O", "Output, or this part of it."),
      f(5, "part", u(), "O", "Number of this part, from 0."),
      f(6, "fullSize", u(), "O", "Size of the whole output in bytes."),
    ],
  },
  {
    name: "DeploymentReport",
    doc: "Where one attempt of a deployment stands.",
    check: "checkDeploymentReport",
    fields: [
      f(1, "attempt", u(), "R", "Attempt of the offer."),
      f(2, "state", e("DeploymentStateCode"), "R", "State reached."),
      f(3, "reason", u(), "O", "Why, as the update machine numbers it."),
      f(
        4,
        "runningDigest",
        b(32),
        "O",
        "Digest that runs now; required when succeeded or rolled back.",
      ),
      f(5, "text", note(256), "O", "What happened, for people."),
    ],
  },
  {
    name: "EventReport",
    doc: "Something that happened once.",
    fields: [
      f(1, "name", t(48), "R", "Name of the event."),
      f(2, "severity", u(7), "R", "0 emergency to 7 debug."),
      f(3, "text", note(256), "O", "What happened, for people."),
    ],
  },
];

/** Tuples of the batches. */
export const BATCH_TUPLES: readonly Tuple[] = [
  {
    name: "DictionaryEntry",
    doc: "Name and unit of a custom metric.",
    items: [
      { name: "id", type: u(1_023, 128), doc: "128 to 1,023." },
      { name: "name", type: t(48), doc: "Dotted name, at most 48 bytes." },
      { name: "unit", type: note(12), doc: "Unit, at most 12 bytes, empty for none." },
    ],
  },
  {
    name: "LogLine",
    doc: "One log line.",
    items: [
      { name: "dtMs", type: u(), doc: "Milliseconds after t0." },
      { name: "level", type: u(7), doc: "RFC 5424 severity, 0 to 7." },
      { name: "source", type: t(32), doc: "Program or unit, at most 32 bytes." },
      {
        name: "text",
        type: { kind: "text", min: 0, max: 512, control: true },
        doc: "The line, at most 512 bytes; the only text that may hold control characters.",
      },
    ],
  },
];
