import { DenoProcess } from "@fleetd/agent";
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("./programs/wait_for_stop.ts", import.meta.url));
const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));

interface Started {
  readonly child: Deno.ChildProcess;
  readonly lines: () => Promise<string>;
  readonly end: () => Promise<void>;
}

function start(): Started {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", `--config=${CONFIG}`, "--allow-all", PROGRAM],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.getReader();
  return {
    child,
    lines: async () => new TextDecoder().decode((await reader.read()).value),
    end: () => reader.cancel(),
  };
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} asks the agent to stop, and a second one ends it`, async () => {
    const { child, lines, end } = start();
    assert.equal(await lines(), "ready\n");
    child.kill(signal);
    assert.equal(await lines(), `Stopped by ${signal}\n`);
    child.kill(signal);
    assert.equal((await child.status).signal, signal);
    await end();
  });
}

Deno.test("the process knows itself", () => {
  const process = new DenoProcess();
  try {
    assert.equal(process.pid, Deno.pid);
    assert.equal(process.isRoot, Deno.uid() === 0);
    assert.equal(process.platform, Deno.build.os);
    assert.equal(process.environment("PATH"), Deno.env.get("PATH"));
    assert.equal(process.environment("FLEETD_NOT_SET_ANYWHERE"), undefined);
    const before = process.usage()!;
    while (process.usage()!.cpuMs < before.cpuMs + 5) JSON.parse("[1,2,3]");
    assert.ok(before.residentBytes > 1e6 && before.residentBytes < 1e10);
  } finally {
    process.close();
  }
});
