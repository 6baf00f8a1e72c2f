/**
 * Writes every generated file of the protocol from its schema, or checks that the committed ones are what
 * the schema says. Run by `deno task gen` (`--check` in the gate).
 *
 * @module
 */
import { readFile, writeFile } from "node:fs/promises";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { SCHEMA, type Schema } from "../schema/messages.ts";
import { emitCodecs } from "./emit_codecs.ts";
import { emitErrors, emitMetrics, emitTypes } from "./emit_types.ts";

/** Contents of every generated file, by path below firmware-protocol. */
export function generatedFiles(schema: Schema = SCHEMA): Map<string, string> {
  return new Map([
    ["ts/messages.gen.ts", emitTypes(schema)],
    ["ts/codecs.gen.ts", emitCodecs(schema)],
    ["ts/errors.gen.ts", emitErrors()],
    ["ts/metrics.gen.ts", emitMetrics()],
  ]);
}

/**
 * Writes the generated files, or with `check` only compares.
 *
 * @param options `check`: change nothing.
 * @returns Paths (below firmware-protocol) that were, or would have been, changed.
 */
export async function generate({ check = false }: { check?: boolean } = {}): Promise<string[]> {
  const changed: string[] = [];
  for (const [path, content] of generatedFiles()) {
    const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
    const before = await readFile(file, "utf8").catch(() => undefined);
    if (before === content) continue;
    changed.push(path);
    if (!check) await writeFile(file, content);
  }
  return changed;
}

if (import.meta.main) {
  const check = process.argv.includes("--check");
  const changed = await generate({ check });
  for (const path of changed) console.log(`${check ? "stale" : "wrote"} firmware-protocol/${path}`);
  if (check && changed.length > 0) {
    console.error(
      "Cannot accept the generated files: they differ from the schema. Run `deno task gen`.",
    );
    process.exitCode = 1;
  }
}
