/**
 * Runs the real `fleets` process, away from the user's own sign-in.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { API_TOKEN, type FakeAdminServer } from "./fake_admin_server.ts";

/** Root of the repository. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** How a process ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A home of its own for the sign-in; removed when disposed. */
export class Workbench {
  readonly folder = mkdtempSync(join(tmpdir(), "fleets-test-"));
  readonly env: Record<string, string> = {
    XDG_CONFIG_HOME: this.folder,
    FLEETS_TOKEN: "",
    FLEETS_URL: "",
    FLEETS_PROFILE: "",
    FLEETS_CONFIG: "",
    NO_COLOR: "1",
  };

  /** Signed in to the server by environment. */
  signedInTo(server: FakeAdminServer): this {
    Object.assign(this.env, { FLEETS_URL: server.url, FLEETS_TOKEN: API_TOKEN });
    return this;
  }

  /** The command line as this process would start it. */
  command(args: readonly string[]): string[] {
    return [Deno.execPath(), "run", "-q", "-P=fleets", "cli/main.ts", ...args];
  }

  /** Starts the program; stdin is closed unless it is asked for. */
  spawn(args: readonly string[], stdin: "null" | "piped" = "null"): Deno.ChildProcess {
    const [program, ...rest] = this.command(args);
    return new Deno.Command(program!, {
      args: rest,
      cwd: ROOT,
      env: this.env,
      stdin,
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  }

  /** Runs the program to its end. */
  async fleets(...args: string[]): Promise<Ended> {
    return ended(await this.spawn(args).output());
  }

  /** Runs the program with text on stdin. */
  async fleetsWith(input: string, ...args: string[]): Promise<Ended> {
    const child = this.spawn(args, "piped");
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
    return ended(await child.output());
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function ended({ code, stdout, stderr }: Deno.CommandOutput): Ended {
  return { code, stdout: Buffer.from(stdout).toString(), stderr: Buffer.from(stderr).toString() };
}
