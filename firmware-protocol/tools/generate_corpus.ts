/**
 * Writes a corpus for fuzzers: random valid messages, one file each, to start from. The C core is fuzzed from
 * it, and both implementations are held against each other on it.
 *
 * `deno run -A firmware-protocol/tools/generate_corpus.ts FOLDER [COUNT [SEED]]`: COUNT messages of each kind
 * (default 20), the same ones for the same seed (default 1), as FOLDER/<message>-<number>.cbor.
 *
 * @module
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import fc from "fast-check";
import { SCHEMA } from "../schema/messages.ts";
import { anyMessage } from "./arbitraries.ts";
import { kebab } from "./names.ts";
import { encodeOracle, messageItem } from "./oracle.ts";

/** What is drawn. */
export interface Corpus {
  /** Messages of each kind. */
  readonly count: number;
  /** The same seed draws the same messages. */
  readonly seed: number;
}

/** Random encodings by file name. */
export function corpus({ count, seed }: Corpus): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const { name } of SCHEMA.messages) {
    const encodings = anyMessage(name).map((value) => encodeOracle(messageItem(name, value)));
    fc.sample(encodings, { numRuns: count, seed }).forEach((bytes, at) => {
      files.set(`${kebab(name)}-${at}.cbor`, bytes);
    });
  }
  return files;
}

if (import.meta.main) {
  const [folder, count = "20", seed = "1"] = process.argv.slice(2);
  if (folder === undefined) {
    console.error("Cannot write a corpus: no folder is named. Usage: FOLDER [COUNT [SEED]]");
    process.exitCode = 2;
  } else {
    await mkdir(folder, { recursive: true });
    const files = corpus({ count: Number(count), seed: Number(seed) });
    for (const [name, bytes] of files) await writeFile(join(folder, name), bytes);
    console.log(`wrote ${files.size} messages to ${folder}`);
  }
}
