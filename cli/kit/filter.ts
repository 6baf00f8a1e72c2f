/**
 * `--filter`: which items of a list are shown. A condition names a field as the API does, with dots into labels and
 * figures: `online=false`, `labels.site=berlin`, `model=*Pi*`, `latest.cpu.use>0.8`. A word alone is looked for in
 * every text of the item. All conditions must hold; letters' case does not matter.
 *
 * @module
 */
import { Option } from "@commander-js/extra-typings";
import { usageError } from "./cli_error.ts";

/** How a field is compared. */
export type Operator = "=" | "!=" | ">" | ">=" | "<" | "<=";

/** One parsed condition. */
export type Condition =
  | {
    readonly kind: "field";
    readonly key: string;
    readonly operator: Operator;
    readonly value: string;
  }
  | { readonly kind: "text"; readonly text: string };

/** `--filter <condition>`, may be given several times. */
export function filterOption(): Option<
  "--filter <condition>",
  undefined,
  Condition[],
  Condition[]
> {
  return new Option(
    "--filter <condition>",
    "show only what matches: key=value, key!=value, key>number or a word; may be repeated",
  )
    .argParser((
      text: string,
      before: Condition[] | undefined,
    ) => [...(before ?? []), parseCondition(text)])
    .default([] as Condition[]);
}

/** Reads a condition as it is typed. @throws {CliError} for a text that is none. */
export function parseCondition(text: string): Condition {
  const match = /^([A-Za-z][\w.-]*)\s*(!=|>=|<=|=|>|<)\s*(.*)$/s.exec(text.trim());
  if (match === null) {
    if (text.trim() !== "" && !/[=<>]/.test(text)) {
      return { kind: "text", text: text.trim().toLowerCase() };
    }
    throw usageError(
      `"${text}" is no filter.`,
      "Write key=value, key!=value, key>number, or a word to look for.",
    );
  }
  const [, key, operator, value] = match as unknown as [string, string, Operator, string];
  if (/[<>]/.test(operator) && (value === "" || Number.isNaN(Number(value)))) {
    throw usageError(`"${text}" compares with "${value}", which is no number.`);
  }
  return { kind: "field", key, operator, value };
}

/** The items for which every condition holds. @throws {CliError} for a field that none of the items has. */
export function filterItems<Item extends object>(
  items: readonly Item[],
  conditions: readonly Condition[],
): Item[] {
  for (const condition of conditions) {
    if (condition.kind === "field") checkKey(items, condition.key);
  }
  return items.filter((item) => conditions.every((condition) => holds(item, condition)));
}

function checkKey(items: readonly object[], key: string): void {
  const first = key.split(".")[0]!;
  if (items.length === 0 || items.some((item) => first in item || key in item)) return;
  const known = [...new Set(items.flatMap((item) => Object.keys(item)))].sort().join(", ");
  throw usageError(`There is no field "${first}" to filter by.`, `There are: ${known}`);
}

function holds(item: object, condition: Condition): boolean {
  if (condition.kind === "text") return containsText(item, condition.text);
  const actual = lookUp(item, condition.key);
  switch (condition.operator) {
    case "=":
      return equals(actual, condition.value);
    case "!=":
      return !equals(actual, condition.value);
    case ">":
      return typeof actual === "number" && actual > Number(condition.value);
    case ">=":
      return typeof actual === "number" && actual >= Number(condition.value);
    case "<":
      return typeof actual === "number" && actual < Number(condition.value);
    case "<=":
      return typeof actual === "number" && actual <= Number(condition.value);
  }
}

/** `latest.cpu.use` is the field `cpu.use` of the object `latest`: the longest name that exists wins. */
function lookUp(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  const fields = value as Record<string, unknown>;
  if (Object.hasOwn(fields, key)) return fields[key];
  for (let dot = key.lastIndexOf("."); dot > 0; dot = key.lastIndexOf(".", dot - 1)) {
    const head = key.slice(0, dot);
    if (Object.hasOwn(fields, head)) return lookUp(fields[head], key.slice(dot + 1));
  }
  return undefined;
}

function equals(actual: unknown, wanted: string): boolean {
  if (Array.isArray(actual)) return actual.some((one) => equals(one, wanted));
  if (actual === null || actual === undefined) {
    return wanted === "" || wanted.toLowerCase() === "none";
  }
  if (typeof actual === "boolean") {
    return (actual ? ["true", "yes"] : ["false", "no"]).includes(wanted.toLowerCase());
  }
  if (typeof actual === "number" && wanted !== "" && !Number.isNaN(Number(wanted))) {
    return actual === Number(wanted);
  }
  const pattern = wanted.split("*").map((part) => RegExp.escape(part)).join(".*");
  return new RegExp(`^${pattern}$`, "is").test(String(actual));
}

function containsText(value: unknown, text: string): boolean {
  if (typeof value === "string") return value.toLowerCase().includes(text);
  if (typeof value === "object" && value !== null) {
    return Object.values(value).some((inner) => containsText(inner, text));
  }
  return false;
}
