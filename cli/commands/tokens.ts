/**
 * `fleets tokens`: tokens that admit devices without a question.
 *
 * @module
 */
import { type Command, Option } from "@commander-js/extra-typings";
import {
  addExamples,
  CliError,
  type Column,
  errColours,
  ExitCode,
  filterItems,
  filterOption,
  formatAgo,
  outputOption,
  parseDuration,
  parseWhole,
  shellWord,
  type Terminal,
  usageError,
  writeJson,
  writeList,
  writeMessage,
  writeSecretFile,
} from "@fleetd/cli/kit";
import { openSession } from "../api/session.ts";
import type { EnrolmentToken } from "../api/shapes.ts";
import type { FleetsContext } from "../context.ts";
import { labelText } from "../output/device_table.ts";
import { collectLabel } from "./label_arguments.ts";
import { addTokenNamesCommand } from "./names.ts";

const MOST_USES = 100_000;
const SHORTEST_TTL_MS = 60_000;
const LONGEST_TTL_MS = 31_536_000_000;

/** Adds `tokens` and everything below it. */
export function addTokensCommands(program: Command, context: FleetsContext): void {
  const tokens = program.command("tokens").description("make and revoke tokens that admit devices");
  addCreateCommand(tokens, context);
  addListCommand(tokens, context);
  addRevokeCommand(tokens, context);
  addTokenNamesCommand(tokens, context);
}

function addCreateCommand(tokens: Command, { terminal, nowMs }: FleetsContext): void {
  const create = tokens.command("create")
    .description("make a token; it is shown this once and never again")
    .addOption(
      new Option("--uses <count>", "how many devices it admits")
        .argParser((text: string): number => parseWhole(text, { min: 1, max: MOST_USES }))
        .default(1),
    )
    .addOption(
      new Option("--ttl <duration>", "how long it is valid: 90s, 15m, 12h, 7d")
        .argParser(parseTtl)
        .default(parseDuration("7d"), "7d"),
    )
    .addOption(
      new Option("--label <key=value>", "label for the devices it admits; may be repeated")
        .argParser(collectLabel)
        .default({} as Record<string, string>),
    )
    .option("--class <class>", "admit only this hardware class")
    .option("--name <name>", "what to call it in the list")
    .option("--out <file>", "write the token to a file that only you can read, and not to stdout")
    .addOption(outputOption(["table", "json", "ndjson"]))
    .action(async (options) => {
      const act = "make a token";
      const { api } = await openSession(terminal, act);
      const { token, ...made } = await api.createEnrolmentToken(act, {
        uses: options.uses,
        ttlS: Math.ceil(options.ttl / 1_000),
        labels: options.label,
        ...(options.class === undefined ? {} : { hwClass: options.class }),
        ...(options.name === undefined ? {} : { name: options.name }),
      });
      if (options.out !== undefined) writeSecretFile(options.out, `${token}\n`);
      const shown = options.out === undefined ? { ...made, token } : made;
      if (options.output !== "table") writeJson(terminal, options.output, shown);
      else if (options.out === undefined) terminal.out(`${token}\n`);
      if (options.output === "table") {
        explain(terminal, { made, file: options.out, nowMs: nowMs() });
      }
    });
  addExamples(create, [
    { run: "fleets tokens create", does: "for one device, within a week" },
    { run: "fleets tokens create --uses 20 --ttl 30d --label site=berlin", does: "for a batch" },
    { run: "fleets tokens create --out token.txt", does: "into a file" },
    { run: "fleets tokens create -o json", does: "for scripts" },
  ]);
}

/** Says on stderr what the token is good for, and what to do with it on the device. */
function explain(
  terminal: Terminal,
  { made, file, nowMs }: { made: EnrolmentToken; file: string | undefined; nowMs: number },
): void {
  const colours = errColours(terminal);
  const devices = made.uses === 1 ? "one device" : `${made.uses} devices`;
  const where = file === undefined ? "" : `Token written to ${file}. `;
  const command = `fleetd agent --token-file ${shellWord(file ?? "token.txt")}`;
  const put = file === undefined
    ? "Put it in a file on the device, say token.txt, and run there:"
    : "Copy it to the device and run there:";
  terminal.err(
    `${where}It admits ${devices} and ends ${
      formatAgo(made.expiresAtMs, nowMs)
    }. It is not shown again.\n` +
      `${put}\n\n  ${colours.bold(command)}\n`,
  );
}

function addListCommand(tokens: Command, { terminal, nowMs }: FleetsContext): void {
  tokens.command("list")
    .description("list the tokens; what they consist of is never shown")
    .addOption(filterOption())
    .addOption(outputOption())
    .action(async ({ filter, output }) => {
      const act = "list tokens";
      const { api } = await openSession(terminal, act);
      const all = await api.enrolmentTokens(act);
      writeList(terminal, {
        format: output,
        columns: tokenColumns(nowMs()),
        items: filterItems(all, filter),
        empty: all.length === 0
          ? "No tokens yet. Make one with: fleets tokens create"
          : "No token matches the filter.",
      });
    });
}

function addRevokeCommand(tokens: Command, { terminal }: FleetsContext): void {
  tokens.command("revoke")
    .description("end a token at once; devices it admitted stay")
    .argument("<token>", "id, the beginning of an id, or name, as fleets tokens list shows them")
    .action(async (reference) => {
      const act = `revoke token "${reference}"`;
      const { api } = await openSession(terminal, act);
      const { id } = findToken(await api.enrolmentTokens(act), { act, reference });
      await api.revokeEnrolmentToken(act, id);
      writeMessage(terminal, `Revoked token ${id}`);
    });
}

/** The one token that is meant; an id wins over a name, what still works over what is revoked. @throws {CliError} */
function findToken(
  tokens: readonly EnrolmentToken[],
  { act, reference }: { act: string; reference: string },
): EnrolmentToken {
  const exact = tokens.find((t) => t.id === reference);
  if (exact !== undefined) return exact;
  const live = tokens.filter((t) => t.revokedAtMs === null);
  const named = live.filter((t) => t.name === reference);
  const matching = named.length > 0
    ? named
    : live.filter((t) => reference !== "" && t.id.startsWith(reference));
  if (matching.length === 1) return matching[0]!;
  if (matching.length > 1) {
    throw usageError(
      `Cannot ${act}: it means ${matching.length} tokens.`,
      ...matching.slice(0, 8).map((t) => t.id),
    );
  }
  throw new CliError(`Cannot ${act}: there is no such token.`, {
    exitCode: ExitCode.notFound,
    hints: ["List what there is: fleets tokens list"],
  });
}

function tokenColumns(nowMs: number): Column<EnrolmentToken>[] {
  return [
    { heading: "ID", key: "id", value: (t) => t.id },
    { heading: "NAME", key: "name", value: (t) => t.name, shrink: 10, drop: 3 },
    {
      heading: "STATE",
      key: "state",
      value: (t) => t.state,
      style: (text, { colours }) => text === "usable" ? colours.green(text) : colours.dim(text),
    },
    {
      heading: "USED",
      key: "used",
      value: (t) => t.used,
      show: (t) => `${t.used}/${t.uses}`,
      align: "right",
    },
    { heading: "USES", key: "uses", value: (t) => t.uses, csvOnly: true },
    {
      heading: "ENDS",
      key: "expiresAtMs",
      value: (t) => t.expiresAtMs,
      show: (t) => formatAgo(t.expiresAtMs, nowMs),
      align: "right",
    },
    { heading: "CLASS", key: "hwClass", value: (t) => t.hwClass, drop: 2 },
    { heading: "LABELS", key: "labels", value: (t) => labelText(t.labels), shrink: 12, drop: 1 },
  ];
}

/** Between a minute and a year, in ms. @throws {CliError} */
function parseTtl(text: string): number {
  const ttlMs = parseDuration(text);
  if (ttlMs >= SHORTEST_TTL_MS && ttlMs <= LONGEST_TTL_MS) return ttlMs;
  throw usageError(`A token cannot be valid for ${text}.`, "Between 1m and 365d is possible.");
}
