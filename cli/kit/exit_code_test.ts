/**
 * @module
 */
import { deepEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { EXIT_CODE_MEANINGS, ExitCode } from "./exit_code.ts";

Deno.test("every exit code has one meaning, and the page of the folder says the same", () => {
  deepEqual(
    EXIT_CODE_MEANINGS.map(([code]) => code),
    Object.values(ExitCode).sort((a, b) => a - b),
  );
  const page = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const rows = [...page.matchAll(/^\| (\d+) \| (.+) \|$/gm)].map((
    [, code, text],
  ) => [Number(code), text]);
  deepEqual(rows, EXIT_CODE_MEANINGS.map(([code, text]) => [code, text]));
});
