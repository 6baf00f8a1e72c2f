/**
 * Writes every generated file of the protocol from its schema, or checks that the committed ones are what
 * the schema says. Run by `deno task gen` (`--check` in the gate).
 *
 * @module
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { SCHEMA, type Schema } from "../schema/messages.ts";
import { emitC } from "./emit_c.ts";
import { emitCddl } from "./emit_cddl.ts";
import { emitCodecs } from "./emit_codecs.ts";
import { emitErrors, emitMetrics, emitTypes } from "./emit_types.ts";
import { vectorFiles } from "./message_vectors.ts";
import { formatLock, lockOf, lockViolations, type SchemaLock } from "./schema_lock.ts";

const LOCK = "schema/schema.lock.json";

/** Contents of every generated file, by path below firmware-protocol. */
export function generatedFiles(schema: Schema = SCHEMA): Map<string, string> {
  return new Map([
    ["ts/messages.gen.ts", emitTypes(schema)],
    ["ts/codecs.gen.ts", emitCodecs(schema)],
    ["ts/errors.gen.ts", emitErrors()],
    ["ts/metrics.gen.ts", emitMetrics()],
    ...emitC(schema),
    ["fleetd.cddl", emitCddl(schema)],
    [LOCK, formatLock(lockOf(schema))],
    ...vectorFiles(),
  ]);
}

/**
 * Writes the generated files, or with `check` only compares.
 *
 * @param options `check`: change nothing.
 * @returns Paths (below firmware-protocol) that were, or would have been, changed.
 * @throws {Error} when the schema takes away or reuses what the lock holds; nothing is written then.
 */
export async function generate({ check = false }: { check?: boolean } = {}): Promise<string[]> {
  const locked = await read(LOCK);
  if (locked !== undefined) {
    const violations = lockViolations(JSON.parse(locked) as SchemaLock, lockOf(SCHEMA));
    if (violations.length > 0) {
      throw new Error(
        `Cannot generate from the schema: it breaks ${LOCK}.\n  ${violations.join("\n  ")}`,
      );
    }
  }
  const changed: string[] = [];
  for (const [path, content] of generatedFiles()) {
    if (await read(path) === content) continue;
    changed.push(path);
    if (check) continue;
    await mkdir(dirname(fileOf(path)), { recursive: true });
    await writeFile(fileOf(path), content);
  }
  return changed;
}

function fileOf(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

function read(path: string): Promise<string | undefined> {
  return readFile(fileOf(path), "utf8").catch(() => undefined);
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
