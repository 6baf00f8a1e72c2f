/**
 * @module
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Workbench } from "./run_fleets.ts";

/** Runs a shell without the user's own start-up files. */
async function shell(program: string, args: string[], cwd?: string): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    cwd,
    env: { LC_ALL: "C" },
  }).output();
  const said = new TextDecoder().decode(stderr);
  equal(code, 0, said);
  equal(said, "");
  return new TextDecoder().decode(stdout);
}

async function withScript(
  name: string,
  work: (path: string, folder: string) => Promise<void>,
): Promise<void> {
  using bench = new Workbench();
  const { code, stdout } = await bench.fleets("completion", name);
  equal(code, 0);
  const folder = mkdtempSync(join(tmpdir(), "fleets-completion-"));
  try {
    const path = join(folder, "script");
    writeFileSync(path, stdout);
    await work(path, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Stands for the program where a script asks it for names. */
const STAND_IN =
  "fleets() { [ \"$*\" = 'devices names' ] && printf 'k7pq-2222-3333-4444\\tkitchen\\nzzzz-2222-3333-4444\\tcellar\\n'; }";

const has = (name: string) =>
  ["/bin", "/usr/bin", "/usr/local/bin"].some((folder) => existsSync(join(folder, name)));
const COMMANDS = [
  "login",
  "logout",
  "devices",
  "tokens",
  "users",
  "audit",
  "discover",
  "server",
  "version",
  "completion",
  "help",
];

Deno.test(
  "bash completes commands, options, values and paths",
  { ignore: !has("bash") },
  () =>
    withScript("bash", async (path, folder) => {
      /** Words as bash splits them at the cursor, `=` being a word of its own. */
      const complete = async (...words: string[]) => {
        const quoted = words.map((word) => `'${word}'`).join(" ");
        const text = await shell("bash", [
          "--norc",
          "-c",
          `cd '${folder}'; source '${path}'; ${STAND_IN}; COMP_WORDS=(${quoted}); COMP_CWORD=${
            words.length - 1
          }
         _fleets; printf '%s\\n' "\${COMPREPLY[@]}"`,
        ]);
        return text.split("\n").filter((line) => line !== "");
      };
      deepEqual((await complete("fleets", "")).sort(), [...COMMANDS].sort());
      deepEqual(await complete("fleets", "dev"), ["devices"]);
      deepEqual(await complete("fleets", "devices", "re"), [
        "register",
        "reject",
        "rename",
        "release",
        "remove",
      ]);
      deepEqual(await complete("fleets", "devices", "list", "-o", ""), [
        "table",
        "json",
        "ndjson",
        "csv",
      ]);
      deepEqual(await complete("fleets", "devices", "list", "-output", "n"), ["ndjson"]);
      deepEqual(await complete("fleets", "devices", "list", "--output", "=", "j"), ["json"]);
      deepEqual(await complete("fleets", "devices", "list", "--output", "="), [
        "table",
        "json",
        "ndjson",
        "csv",
      ]);
      deepEqual(await complete("fleets", "devices", "list", "--fi"), ["--filter"]);
      deepEqual(await complete("fleets", "tokens", "create", "--ttl", "list", "--ou"), [
        "--out",
        "--output",
      ]);
      deepEqual(await complete("fleets", "login", "--token-file", "scr"), ["script"]);
      deepEqual(await complete("fleets", "devices", "list", "--", "-"), []);
      deepEqual(await complete("fleets", "completion", ""), ["bash", "zsh", "fish"]);
      deepEqual(await complete("fleets", "help", "tok"), ["tokens"]);
      deepEqual(await complete("fleets", "devices", "show", "k7"), ["k7pq-2222-3333-4444"]);
      deepEqual(await complete("fleets", "devices", "rename", ""), [
        "k7pq-2222-3333-4444",
        "zzzz-2222-3333-4444",
      ]);
      await shell("bash", ["--norc", "-c", `source '${path}'; complete -p fleets >/dev/null`]);
    }),
);

Deno.test(
  "zsh completes commands, options and values with descriptions",
  { ignore: !has("zsh") },
  () =>
    withScript("zsh", async (path) => {
      const complete = async (...words: string[]) => {
        const quoted = words.map((word) => `'${word}'`).join(" ");
        const text = await shell("zsh", [
          "-f",
          "-c",
          `compdef() { : }; _describe() { print -l -- "\${(@P)@[-1]}" }; _files() { print files }; _message() { : }; compset() { : }
         compadd() { shift; print -l -- "$@" }
         source '${path}'; ${STAND_IN}; words=(${quoted}); CURRENT=${words.length}; _fleets || true`,
        ]);
        return text.split("\n").filter((line) => line !== "");
      };
      const names = (lines: string[]) => lines.map((line) => line.split(":")[0]);
      deepEqual(names(await complete("fleets", "")).sort(), [...COMMANDS].sort());
      ok((await complete("fleets", "devices", "")).includes("rename:give a device another name"));
      deepEqual(await complete("fleets", "devices", "list", "-o", ""), [
        "table",
        "json",
        "ndjson",
        "csv",
      ]);
      deepEqual(await complete("fleets", "devices", "list", "-output", ""), [
        "table",
        "json",
        "ndjson",
        "csv",
      ]);
      ok(
        names(await complete("fleets", "tokens", "create", "--ttl", "list", "-")).includes("--out"),
      );
      deepEqual(await complete("fleets", "devices", "list", "-output=j"), [
        "table",
        "json",
        "ndjson",
        "csv",
      ]);
      deepEqual(await complete("fleets", "login", "--token-file", ""), ["files"]);
      deepEqual(await complete("fleets", "devices", "show", ""), [
        "k7pq-2222-3333-4444:kitchen",
        "zzzz-2222-3333-4444:cellar",
      ]);
    }),
);

Deno.test(
  "fish completes commands, options and values with descriptions",
  { ignore: !has("fish") },
  () =>
    withScript("fish", async (path) => {
      const complete = async (line: string) => {
        const text = await shell("fish", [
          "--no-config",
          "-c",
          `function fleets; printf 'k7pq-2222-3333-4444\\tkitchen\\n'; end
           source '${path}'; complete -C '${line}'`,
        ]);
        return text.split("\n").filter((one) => one !== "");
      };
      const names = (lines: string[]) => lines.map((one) => one.split("\t")[0]);
      deepEqual(names(await complete("fleets ")).sort(), [...COMMANDS].sort());
      ok((await complete("fleets devices ")).includes("rename\tgive a device another name"));
      deepEqual(names(await complete("fleets devices list -o ")).sort(), [
        "csv",
        "json",
        "ndjson",
        "table",
      ]);
      deepEqual(names(await complete("fleets tokens create --ttl list --ou")).sort(), [
        "--out",
        "--output",
      ]);
      deepEqual(await complete("fleets devices show k"), ["k7pq-2222-3333-4444\tkitchen"]);
      ok(names(await complete("fleets devices list --filter x -")).includes("--output"));
    }),
);
