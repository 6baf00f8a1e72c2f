/**
 * `fleets audit`: what was changed, by whom and when, and the proof that nobody edited that log.
 *
 * @module
 */
import { type Command, Option } from "@commander-js/extra-typings";
import {
  addExamples,
  CliError,
  type Column,
  filterItems,
  filterOption,
  formatTime,
  outputOption,
  parseWhole,
  usageError,
  writeJson,
  writeList,
  writeMessage,
} from "@fleetd/cli/kit";
import type { FleetApi } from "../api/client.ts";
import { openSession } from "../api/session.ts";
import type { AuditEntry } from "../api/shapes.ts";
import type { FleetsContext } from "../context.ts";

const MOST_ROWS = 1_000_000;

/** Adds `audit` and everything below it. */
export function addAuditCommands(program: Command, context: FleetsContext): void {
  const audit = program.command("audit").description(
    "read the audit log and prove that it is whole",
  );
  addListCommand(audit, context);
  addVerifyCommand(audit, context);
}

function addListCommand(audit: Command, { terminal }: FleetsContext): void {
  const list = audit.command("list")
    .description("list what was changed, by whom and from where; newest first")
    .option(
      "--target <target>",
      "only changes of this, such as device:k7pq-2m4d-9xwa-b3ne or user:ada",
    )
    .addOption(
      new Option("--limit <count>", "how many at most")
        .argParser((text: string): number => parseWhole(text, { min: 1, max: MOST_ROWS }))
        .default(100),
    )
    .addOption(filterOption())
    .addOption(outputOption())
    .action(async ({ target, limit, filter, output }) => {
      const act = "list the audit log";
      const { api } = await openSession(terminal, act);
      const rows = await api.audit(act, { target, most: limit });
      writeList(terminal, {
        format: output,
        columns: COLUMNS,
        items: filterItems(rows, filter),
        empty: rows.length === 0 ? "Nothing was changed yet." : "No change matches the filter.",
      });
    });
  addExamples(list, [
    {
      run: "fleets audit list --target user:ada",
      does: "every change of a user, sign-ins included",
    },
    { run: "fleets audit list --filter action=device.accept", does: "who let devices in" },
    {
      run: "fleets audit list --limit 1000000 -o ndjson > audit.ndjson",
      does: "all of it, to keep",
    },
  ]);
}

function addVerifyCommand(audit: Command, { terminal }: FleetsContext): void {
  const verify = audit.command("verify")
    .description(
      "recompute the log's chain of hashes\n\n" +
        "Each row's hash covers the row before it. Note the newest hash somewhere else: with --head, the same hash must " +
        "still be in the log later, or somebody wrote the log anew.",
    )
    .summary("recompute the log's chain of hashes")
    .option("--head <hash>", "a hash that was noted earlier and must still be there")
    .addOption(outputOption(["table", "json", "ndjson"]))
    .action(async ({ head, output }) => {
      const act = "verify the audit log";
      if (head !== undefined && !/^[0-9a-f]{64}$/.test(head)) {
        throw usageError(`"${head}" is no hash of a row.`, "It has 64 hex digits.");
      }
      const { api } = await openSession(terminal, act);
      const check = await api.checkAudit(act);
      const headFound = head === undefined ? undefined : await holds(api, act, head);
      if (output !== "table") writeJson(terminal, output, { ...check, headFound });
      if (check.brokenAtId !== null) {
        throw new CliError(
          `The audit log is broken at row ${check.brokenAtId}: it does not follow from the ${check.entries} rows before it.`,
          {
            hints: [
              "Somebody changed, removed or slipped in a row. Keep the database as it is, and compare with a backup.",
            ],
          },
        );
      }
      if (headFound === false) {
        throw new CliError(`The audit log does not hold the hash ${head}.`, {
          hints: ["It was written anew or cut since that hash was noted; compare with a backup."],
        });
      }
      const what = `The audit log is whole: ${check.entries} rows`;
      writeMessage(terminal, headFound ? `${what}, the noted one among them` : what);
      if (output === "table") terminal.out(`${check.head}\n`);
    });
  addExamples(verify, [
    { run: "fleets audit verify > head.txt", does: "keep the newest hash" },
    { run: "fleets audit verify --head $(cat head.txt)", does: "later: the log has only grown" },
  ]);
}

async function holds(api: FleetApi, act: string, hash: string): Promise<boolean> {
  return (await api.audit(act, { most: MOST_ROWS })).some((row) => row.hash === hash);
}

const COLUMNS: readonly Column<AuditEntry>[] = [
  { heading: "ID", key: "id", value: (r) => r.id, csvOnly: true },
  { heading: "WHEN", key: "atMs", value: (r) => r.atMs, show: (r) => formatTime(r.atMs) },
  { heading: "WHO", key: "actor", value: (r) => r.actor, shrink: 12 },
  { heading: "FROM", key: "address", value: (r) => r.address, drop: 2 },
  { heading: "DID", key: "action", value: (r) => r.action },
  { heading: "TO", key: "target", value: (r) => r.target, shrink: 14 },
  { heading: "CHANGE", key: "change", value: changeText, shrink: 16, drop: 1 },
  { heading: "BEFORE", key: "before", value: (r) => jsonText(r.before), csvOnly: true },
  { heading: "AFTER", key: "after", value: (r) => jsonText(r.after), csvOnly: true },
  { heading: "HASH", key: "hash", value: (r) => r.hash, csvOnly: true },
];

function changeText({ before, after }: AuditEntry): string {
  if (before === null || before === undefined) return jsonText(after);
  return after === null || after === undefined
    ? jsonText(before)
    : `${jsonText(before)} → ${jsonText(after)}`;
}

function jsonText(value: unknown): string {
  return value === null || value === undefined ? "" : JSON.stringify(value);
}
