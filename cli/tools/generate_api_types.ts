/**
 * Generates `cli/api/types.gen.ts` from `server/openapi.json`. With `--check` nothing is written and a difference fails.
 *
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import openapiTypescript, { astToString } from "openapi-typescript";

const SOURCE = fileURLToPath(new URL("../../server/openapi.json", import.meta.url));
const TARGET = fileURLToPath(new URL("../api/types.gen.ts", import.meta.url));

const HEADER = `/**
 * Types of the admin API. Generated from server/openapi.json by cli/tools/generate_api_types.ts: do not edit.
 *
 * @module
 */
`;

/** Writes the types, or with `check` only compares. Returns whether the file is as it should be. */
export async function generate({ check }: { readonly check: boolean }): Promise<boolean> {
  const document = JSON.parse(readFileSync(SOURCE, "utf8"));
  const text = HEADER +
    astToString(await openapiTypescript(document, { immutable: true, alphabetize: true }));
  if (check) return readText(TARGET) === text;
  writeFileSync(TARGET, text);
  return true;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

if (import.meta.main) {
  const check = process.argv.includes("--check");
  if (!await generate({ check })) {
    console.error(
      "cli/api/types.gen.ts differs from server/openapi.json. Write it again with: deno task gen",
    );
    process.exit(1);
  }
}
