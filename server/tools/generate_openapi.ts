/**
 * @module
 * Writes server/openapi.json from the route table, or with `--check` fails when it differs.
 */
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { openApiDocument } from "../http/openapi.ts";
import { ROUTES } from "../http/routes.ts";
import { COMPONENTS } from "../http/admin/schemas.ts";
import { VERSION } from "../version.ts";

const FILE = fileURLToPath(new URL("../openapi.json", import.meta.url));

/**
 * Makes the document.
 * @returns whether the file is now as it should be; with `check` nothing is written
 */
export function generateOpenApi({ check }: { readonly check: boolean }): boolean {
  const document = openApiDocument({ routes: ROUTES, components: COMPONENTS, version: VERSION });
  const text = JSON.stringify(document, null, 2) + "\n";
  if (!check) writeFileSync(FILE, text);
  return !check || readOrEmpty(FILE) === text;
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

if (import.meta.main && !generateOpenApi({ check: process.argv.includes("--check") })) {
  console.error(
    "server/openapi.json differs from the route table; write it again with `deno task gen`",
  );
  process.exit(1);
}
