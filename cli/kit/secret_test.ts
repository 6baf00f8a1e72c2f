/**
 * @module
 */
import { equal, rejects } from "node:assert/strict";
import { readSecret } from "./secret.ts";
import type { Terminal } from "./terminal.ts";

function terminal(stdin: string): Terminal {
  return {
    env: {},
    stdinIsTty: false,
    stdoutIsTty: false,
    stderrIsTty: false,
    size: () => undefined,
    out: () => {},
    err: () => {},
    readStdin: () => Promise.resolve(stdin),
    flush: () => Promise.resolve(),
  };
}

const SOURCE = { name: "API token", file: "-", fileOption: "--token-file", question: "?" };

Deno.test("a secret from stdin loses the white space around it", async () => {
  equal(await readSecret(terminal("  flt_x\r\n"), SOURCE), "flt_x");
});

Deno.test("what cannot be a secret is refused without being repeated", async () => {
  await rejects(readSecret(terminal(" \n"), SOURCE), /There is no API token on stdin/);
  for (const text of ["two words", "line\nline", "a\x00b", "x".repeat(5_000)]) {
    await rejects(readSecret(terminal(text), SOURCE), {
      message: "What stands on stdin is no API token: it must be one word.",
    });
  }
  await rejects(
    readSecret(terminal(""), { ...SOURCE, file: "/nonexistent/token" }),
    /no such file/,
  );
});

Deno.test("without a file and a terminal the user is told how to hand it over", async () => {
  await rejects(readSecret(terminal(""), { ...SOURCE, file: undefined }), {
    exitCode: 2,
    hints: ["Give it in a file: --token-file FILE, or on stdin: --token-file -"],
  });
});
