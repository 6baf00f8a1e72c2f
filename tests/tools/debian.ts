/**
 * Debian packages that tests need: found, or installed where that is welcome (root on Debian, or `CI=true`).
 *
 * @module
 */
import type { Need } from "./parts.ts";

/** True when this program is on the PATH or in the folders where Debian puts servers. */
export function hasProgram(program: string): boolean {
  const folders = [...(Deno.env.get("PATH") ?? "").split(":"), "/usr/sbin", "/sbin", "/usr/bin"];
  return folders.some((folder) => {
    try {
      return Deno.statSync(`${folder}/${program}`).isFile;
    } catch {
      return false;
    }
  });
}

/** The command that brings these packages, as a person types it. */
export function installCommand(needs: readonly Need[]): string {
  return `sudo apt-get install -y ${needs.map((n) => n.debianPackage).join(" ")}`;
}

/** Why packages are not installed here without being asked, or undefined where they are. */
export function reasonNotToInstall(): string | undefined {
  if (!hasProgram("apt-get")) return "this system has no apt-get";
  if (Deno.env.get("CI") === "true") return undefined;
  if (Deno.uid() !== 0) return "not root, so nothing is installed";
  return undefined;
}

/** Installs what is missing. @throws Error with the end of apt's own words when it fails. */
export async function install(needs: readonly Need[]): Promise<void> {
  const apt = async (...args: string[]) => {
    const sudo = Deno.uid() === 0 ? [] : ["sudo", "-n"];
    const [command, ...rest] = [...sudo, "apt-get", ...args];
    const { code, stdout, stderr } = await new Deno.Command(command!, {
      args: rest,
      env: { DEBIAN_FRONTEND: "noninteractive" },
      stdin: "null",
    }).output();
    const words = new TextDecoder().decode(stderr) || new TextDecoder().decode(stdout);
    if (code !== 0) {
      throw new Error(`apt-get ${args[0]} failed: ${words.trim().split("\n").slice(-3).join(" ")}`);
    }
  };
  await apt("update", "-q");
  await apt("install", "-y", "-q", "--no-install-recommends", ...needs.map((n) => n.debianPackage));
}
