/**
 * Writes vectors/messages.json (golden) and vectors/negative.json: what TypeScript and C must both accept,
 * with which value, and what both must refuse, with which code.
 *
 * @module
 */
import { diagnose } from "../ts/codec/diagnose.ts";
import { examples } from "./examples.ts";
import { negativeVectors } from "./negative_vectors.ts";
import { encodeOracle, messageItem, type Value } from "./oracle.ts";

/** A golden vector. */
export interface GoldenVector {
  readonly name: string;
  readonly message: string;
  readonly hex: string;
  readonly diagnostic: string;
  /** As JSON: bytes are `{"bytes": hex}`, text-keyed maps `{"map": [[key, value] …]}`, −0 `{"float": "-0"}`. */
  readonly value: unknown;
}

/** The vector files, by path below firmware-protocol. */
export function vectorFiles(): [string, string][] {
  const golden = examples().map(({ name, message, value }): GoldenVector => {
    const bytes = encodeOracle(messageItem(message, value));
    return { name, message, hex: bytes.toHex(), diagnostic: diagnose(bytes), value: toJson(value) };
  });
  return [
    ["vectors/messages.json", lines(golden)],
    ["vectors/negative.json", lines(negativeVectors())],
  ];
}

/** A message's value as plain JSON. */
export function toJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: value.toHex() };
  if (value instanceof Map) return { map: [...value].map(([key, part]) => [key, toJson(part)]) };
  if (Object.is(value, -0)) return { float: "-0" };
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, toJson(part)]));
}

/** Counterpart of {@link toJson}. */
export function fromJson(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(fromJson);
  if (typeof json !== "object" || json === null) return json;
  const value = json as Value;
  if (typeof value.bytes === "string") return Uint8Array.fromHex(value.bytes);
  if (Array.isArray(value.map)) {
    return new Map(value.map.map(([key, part]: [string, unknown]) => [key, fromJson(part)]));
  }
  if (value.float === "-0") return -0;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, fromJson(part)]));
}

/** One vector a line, so that a change shows what it changes. */
function lines(vectors: readonly unknown[]): string {
  return `[\n${vectors.map((vector) => `  ${JSON.stringify(vector)}`).join(",\n")}\n]\n`;
}
