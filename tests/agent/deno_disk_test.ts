/**
 * The storage adapter on real files: permissions, failures as the port names them, and crashes. The process is killed in
 * the middle of replacing a file, again and again and at every system call; what is left must be one of the two contents.
 *
 * @module
 */
import { DenoDisk, DiskError, type DiskErrorCode } from "@fleetd/agent";
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

const PROGRAM = fileURLToPath(new URL("./programs/replace_for_ever.ts", import.meta.url));
const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));
const LONG = Deno.env.get("FLEETD_CI") === "1";
const STRACE = ["/usr/bin/strace", "/usr/local/bin/strace"].find((path) => existsSync(path));

async function inTemporary(test: (directory: string) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "fleetd-disk-" });
  try {
    await test(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

function failsWith(code: DiskErrorCode) {
  return (error: unknown) =>
    error instanceof DiskError && error.code === code && error.cause instanceof Error;
}

Deno.test("what the agent stores is private to its user", () =>
  inTemporary(async (directory) => {
    const disk = new DenoDisk();
    const path = join(directory, "storage", "key");
    await disk.replace(path, new Uint8Array(32));
    await disk.append(join(directory, "storage", "segment"), new Uint8Array(1));
    assert.equal((await Deno.stat(join(directory, "storage"))).mode! & 0o777, 0o700);
    assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
    assert.equal((await Deno.stat(join(directory, "storage", "segment"))).mode! & 0o777, 0o600);
  }));

Deno.test("a path below a file is a failure, not an absence", () =>
  inTemporary(async (directory) => {
    const disk = new DenoDisk();
    await disk.replace(join(directory, "file"), new Uint8Array(1));
    await assert.rejects(
      disk.replace(join(directory, "file", "x"), new Uint8Array(1)),
      failsWith("disk.failed"),
    );
  }));

Deno.test("a full file system is called full, and the append leaves the file as it was", {
  ignore: Deno.build.os !== "linux" || !existsSync("/dev/full"),
}, async () => {
  const disk = new DenoDisk();
  await assert.rejects(disk.append("/dev/full", new Uint8Array(1)), failsWith("disk.full"));
});

Deno.test("what another process left unfinished long ago is swept, what is fresh is left alone", () =>
  inTemporary(async (directory) => {
    const old = join(directory, ".state.999999.tmp");
    const fresh = join(directory, ".state.999998.tmp");
    await Deno.writeFile(old, new Uint8Array(9));
    await Deno.writeFile(fresh, new Uint8Array(9));
    await Deno.utime(old, new Date(0), new Date(0));
    const disk = new DenoDisk();
    await disk.replace(join(directory, "state"), new Uint8Array(1));
    assert.ok(!existsSync(old) && existsSync(fresh));
    assert.deepEqual(await disk.list(directory), [{ name: "state", sizeBytes: 1 }]);
  }));

function underStrace(
  options: readonly string[],
  program: readonly string[],
): Promise<Deno.CommandOutput> {
  return new Deno.Command(STRACE!, {
    args: ["-f", "-qq", "-o", "/dev/null", ...options, Deno.execPath(), ...program],
    stdout: "piped",
    stderr: "null",
  }).output();
}

/** The content that the program writes n-th; its length and all its bytes follow from n. */
function isWhole(content: Uint8Array): boolean {
  const first = content[0];
  return first !== undefined && content.length === 1_000 + first &&
    content.every((byte) => byte === first);
}

function writer(path: string, count: number): string[] {
  return [
    "run",
    "--no-prompt",
    `--config=${CONFIG}`,
    "--allow-all",
    "--no-check",
    PROGRAM,
    path,
    String(count),
  ];
}

Deno.test("killed at any moment while replacing, the file is whole and the next process writes on", () =>
  inTemporary(async (directory) => {
    const path = join(directory, "state");
    for (let kill = 0; kill < (LONG ? 100 : 8); kill++) {
      const child = new Deno.Command(Deno.execPath(), {
        args: writer(path, 1_000_000),
        stdout: "piped",
        stderr: "null",
      }).spawn();
      const output = child.stdout.getReader();
      // Its first line says that it replaces now; what it is at a random moment later differs each time.
      await output.read();
      for (let lines = Math.floor(Math.random() * 5); lines > 0; lines--) await output.read();
      child.kill("SIGKILL");
      await output.cancel();
      await child.status;
      const content = await Deno.readFile(path);
      assert.ok(isWhole(content), `${content.length} bytes, first ${content[0]}`);
    }
  }));

Deno.test({
  name: "killed at fsync or rename of a replacement, the file is the old one or the new one",
  ignore: STRACE === undefined,
  fn: () =>
    inTemporary(async (directory) => {
      const path = join(directory, "state");
      // strace counts calls by thread, so the directory's fsync is found by its path.
      const moments = [
        ["inject=fsync:signal=KILL:when=1"],
        ["inject=rename:signal=KILL:when=1"],
        ["inject=rename:signal=KILL:when=2"],
        ["inject=fsync:signal=KILL:when=1", "-P", directory],
      ];
      for (const moment of moments) {
        await new DenoDisk().replace(path, new Uint8Array(1_000).fill(0));
        const { success } = await underStrace(["-e", ...moment], writer(path, 5));
        assert.ok(!success, `${moment} was reached`);
        assert.ok(isWhole(await Deno.readFile(path)), `${moment}`);
      }
    }),
});

Deno.test({
  name:
    "when fsync or rename fails, replace fails, the old content stays and nothing is left beside it",
  ignore: STRACE === undefined,
  fn: () =>
    inTemporary(async (directory) => {
      for (const call of ["fsync", "rename"]) {
        const path = join(directory, call, "state");
        await new DenoDisk().replace(path, new Uint8Array(1_000).fill(0));
        const { code, stdout } = await underStrace(
          ["-e", `inject=${call}:error=EIO:when=1`],
          writer(path, 1),
        );
        assert.equal(code, 3, new TextDecoder().decode(stdout));
        assert.match(new TextDecoder().decode(stdout), /disk\.failed/);
        assert.deepEqual(await Deno.readFile(path), new Uint8Array(1_000).fill(0));
        assert.equal([...Deno.readDirSync(join(directory, call))].length, 1);
      }
    }),
});

Deno.test({
  name: "a replacement is durable before it is reported: file, rename and directory, in that order",
  ignore: STRACE === undefined,
  fn: () =>
    inTemporary(async (directory) => {
      const path = join(directory, "state");
      const trace = join(directory, "trace");
      const traced = "trace=fsync,fdatasync,rename,renameat,renameat2";
      await underStrace(["-y", "-o", trace, "-e", traced], writer(path, 1));
      const calls = (await Deno.readTextFile(trace)).split("\n").filter((line) =>
        line.includes(directory)
      )
        .map((line) => /(fsync|fdatasync|rename\w*)\(([^)]*)/.exec(line)!)
        .map(([, call, target]) =>
          `${call!.replace(/at2?$/, "")} ${/\.tmp/.test(target!) ? "file" : "directory"}`
        );
      assert.deepEqual(calls, ["fsync file", "rename file", "fsync directory"]);
    }),
});
