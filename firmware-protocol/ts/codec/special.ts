/**
 * The shapes a row of the schema cannot say: spacing (one number or a list), delta columns, inventory
 * (the one text-keyed map) and report items (the body depends on the kind). Called by generated code.
 *
 * @module
 */
import { type Column, type Inventory, type InventoryValue, PROTOCOL } from "../messages.gen.ts";
import { compareBytes } from "./compare_bytes.ts";
import type { Range } from "./range.ts";
import type { Reader } from "./reader.ts";
import { writeText } from "./text.ts";
import type { Writer } from "./writer.ts";

const MAX = Number.MAX_SAFE_INTEGER;
const NOTHING = new Uint8Array(0);
const FACTS_MAX = 64;

const DT = "MetricsBatch.dt";
const STEP: Range = { min: 0, max: MAX, label: DT };
const STEPS: Range = { min: 0, max: PROTOCOL.samplesMax - 1, label: DT };

const COLUMNS = "MetricsBatch.columns";
const COLUMN_COUNT: Range = { min: 0, max: PROTOCOL.columnsMax, label: COLUMNS };
const COLUMN_SIZE: Range = { min: 3, max: PROTOCOL.samplesMax + 2, label: COLUMNS };
const METRIC_ID: Range = { min: 0, max: PROTOCOL.customIdMax, label: COLUMNS };
const SCALE: Range = { min: -9, max: 9, label: COLUMNS };
const DELTA: Range = { min: -MAX, max: MAX, label: COLUMNS };

const INVENTORY = "SyncRequest.inventory";
const FACT_KEY: Range = { min: 1, max: 32, label: INVENTORY };
const FACT_TEXT: Range = { min: 0, max: 128, label: INVENTORY };
const FACT_NUMBER: Range = { min: 0, max: MAX, label: INVENTORY };
const FACT_LIST: Range = { min: 0, max: 8, label: INVENTORY };
const FACT_LIST_TEXT: Range = { min: 0, max: 64, label: INVENTORY };

/** Spacing of samples in ms: one number for all, or each of them (0 to 1,023). */
export function readSpacing(reader: Reader): number | number[] {
  const head = reader.bytes[reader.pos] as number;
  return head >> 5 === 4 ? reader.list(STEPS, readStep) : reader.uint(STEP);
}

function readStep(reader: Reader): number {
  return reader.uint(STEP);
}

/** Counterpart of {@link readSpacing}. */
export function writeSpacing(writer: Writer, spacing: number | readonly number[]): void {
  if (typeof spacing === "number") writer.uint(spacing, STEP);
  else writer.list(spacing, STEPS, (w, step) => w.uint(step, STEP));
}

/** Makes plain objects with a hidden class of their own, for the reason given in tools/emit_codecs.ts. */
const ColumnShape = function (
  this: Column,
  id: number,
  scale: number | null,
  values: Column["values"],
) {
  this.id = id;
  this.scale = scale;
  this.values = values;
} as unknown as { new (id: number, scale: number | null, values: Column["values"]): Column };
(ColumnShape as { prototype: unknown }).prototype = Object.prototype;

/** Columns: [id, scale or null, v0, d1 …]; ids ascending, delta sums within ±(2^53 − 1). */
export function readColumns(reader: Reader): Column[] {
  const { bytes, end } = reader;
  const columns: Column[] = [];
  let previous = -1;
  for (let left = reader.array(COLUMN_COUNT); left > 0; left--) {
    const { pos } = reader;
    let size = (bytes[pos] as number) - 0x80;
    let id = bytes[pos + 1] as number;
    let scale: number | null = bytes[pos + 2] as number;
    // Nearly every column starts with three bytes; reading them at once is worth a third of the time.
    if (size >= 3 && size < 24 && size < end - pos && id < 24 && isShortScale(scale)) {
      scale = scale <= 9 ? scale : 0x1f - scale;
      reader.pos = pos + 3;
      reader.enter(size, COLUMNS);
    } else {
      size = reader.array(COLUMN_SIZE);
      id = reader.uint(METRIC_ID);
      scale = readScale(reader);
    }
    if (id <= previous) {
      reader.fail("schema.order", COLUMNS, `metric ${id} after metric ${previous}`);
    }
    previous = id;
    const values = scale === null ? readFloats(reader, size - 2) : readDeltas(reader, size - 2);
    reader.leave();
    columns.push(new ColumnShape(id, scale, values));
  }
  reader.leave();
  return columns;
}

/** Whether a byte is an integer from -9 to 9 by itself. */
function isShortScale(head: number): boolean {
  return head <= 9 || (head >= 0x20 && head <= 0x28);
}

function readScale(reader: Reader): number | null {
  if (reader.bytes[reader.pos] !== 0xf6) return reader.int(SCALE);
  reader.pos++;
  return null;
}

function readDeltas(reader: Reader, count: number): (number | null)[] {
  const first = reader.intOrNull(COLUMNS);
  // Growing an empty array reserves room for 17 entries; one sample needs one.
  const values = [first];
  let sum = first ?? 0;
  for (let left = count; left > 1; left--) {
    const value = reader.intOrNull(COLUMNS);
    values.push(value);
    if (value === null) continue;
    sum += value;
    if (sum > MAX || sum < -MAX) {
      reader.fail("schema.out_of_range", COLUMNS, "a sum of deltas leaves ±(2^53 − 1)");
    }
  }
  return values;
}

function readFloats(reader: Reader, count: number): (number | null)[] {
  const values: (number | null)[] = [];
  for (let left = count; left > 0; left--) values.push(reader.floatOrNull(COLUMNS));
  return values;
}

/** Counterpart of {@link readColumns}. */
export function writeColumns(writer: Writer, columns: readonly Column[]): void {
  writer.array(columns.length, COLUMN_COUNT);
  let previous = -1;
  for (const { id, scale, values } of columns) {
    if (id <= previous) writer.fail(COLUMNS, `metric ${id} after metric ${previous}`);
    previous = id;
    writer.array(values.length + 2, COLUMN_SIZE);
    writer.uint(id, METRIC_ID);
    if (scale === null) writer.null();
    else writer.int(scale, SCALE);
    let sum = 0;
    for (const value of values) {
      if (scale === null) {
        writer.floatOrNull(value, COLUMNS);
        continue;
      }
      writer.intOrNull(value, DELTA);
      sum += value ?? 0;
      if (!Number.isSafeInteger(sum)) writer.fail(COLUMNS, "a sum of deltas leaves ±(2^53 − 1)");
    }
    writer.leave();
  }
  writer.leave();
}

/** Inventory: at most 64 facts and 4 KiB, keys ascending bytewise as encoded. */
export function readInventory(reader: Reader): Inventory {
  const start = reader.pos;
  const inventory = new Map<string, InventoryValue>();
  let left = reader.map(INVENTORY);
  if (left > FACTS_MAX) reader.fail("schema.length", INVENTORY, `${left} facts are more than 64`);
  let previous: Uint8Array = NOTHING;
  for (; left > 0; left--) {
    const { key, encoded } = reader.textKey(previous, FACT_KEY);
    previous = encoded;
    inventory.set(key, readFact(reader));
  }
  reader.leave();
  reader.limit(start, PROTOCOL.inventoryMaxBytes, INVENTORY);
  return inventory;
}

function readFact(reader: Reader): InventoryValue {
  const major = (reader.bytes[reader.pos] as number) >> 5;
  if (major === 3) return reader.text(FACT_TEXT);
  if (major !== 4) return reader.uint(FACT_NUMBER);
  return reader.list(FACT_LIST, (r) => r.text(FACT_LIST_TEXT));
}

/** Counterpart of {@link readInventory}; facts are sorted here. */
export function writeInventory(writer: Writer, inventory: Inventory): void {
  if (inventory.size > FACTS_MAX) {
    writer.fail(INVENTORY, `${inventory.size} facts are more than 64`);
  }
  const start = writer.size;
  const facts = [...inventory].map(([key, value]) => ({
    key,
    value,
    bytes: writeText(key, FACT_KEY),
  }));
  facts.sort((a, b) => a.bytes.length - b.bytes.length || compareBytes(a.bytes, b.bytes));
  writer.map(facts.length, INVENTORY);
  for (const { key, value } of facts) {
    writer.text(key, FACT_KEY);
    if (typeof value === "string") writer.text(value, FACT_TEXT);
    else if (typeof value === "number") writer.uint(value, FACT_NUMBER);
    else writer.list(value, FACT_LIST, (w, text) => w.text(text, FACT_LIST_TEXT));
  }
  writer.leave();
  writer.limit(start, PROTOCOL.inventoryMaxBytes, INVENTORY);
}
