/**
 * `fleets login` and `fleets logout`.
 *
 * @module
 */
import { hostname, userInfo } from "node:os";
import type { Command } from "@commander-js/extra-typings";
import {
  addExamples,
  AdminClient,
  CliError,
  ExitCode,
  readProfile,
  readSecret,
  removeProfile,
  serverUrl,
  type Terminal,
  usageError,
  writeMessage,
  writeNote,
  writeProfile,
} from "@fleetd/cli/kit";
import { FleetApi } from "../api/client.ts";
import { DEFAULT_URL } from "../api/session.ts";
import type { FleetsContext } from "../context.ts";

/** API tokens begin so; anything else that is typed is taken for a setup code. */
const API_TOKEN_START = "flt_";

/** Adds `login` and `logout`. */
export function addAccountCommands(program: Command, { terminal }: FleetsContext): void {
  const login = program.command("login")
    .description(
      "sign in to a server and remember it\n\n" +
        "Takes the one-time setup code that fleets server prints at its first start, or an API token. Neither is " +
        "ever an argument: it is asked for, or read from a file, from stdin (-) or from FLEETS_TOKEN.",
    )
    .summary("sign in to a server")
    .argument("[url]", `address of the server (default ${DEFAULT_URL})`)
    .option("--code-file <file>", "read the setup code from a file, or - for stdin")
    .option("--token-file <file>", "read an API token from a file, or - for stdin")
    .action((url, options) => logIn(terminal, url, options));
  addExamples(login, [
    { run: "fleets login", does: `to ${DEFAULT_URL}; asks for the code or token` },
    { run: "fleets login --code-file - < code.txt", does: "with a setup code from stdin" },
    { run: "fleets login https://fleet.example.org", does: "to a server elsewhere" },
  ]);
  program.command("logout")
    .description("forget the stored sign-in")
    .action(() => logOut(terminal));
}

interface LoginOptions {
  readonly codeFile?: string;
  readonly tokenFile?: string;
}

async function logIn(
  terminal: Terminal,
  given: string | undefined,
  options: LoginOptions,
): Promise<void> {
  if (options.codeFile !== undefined && options.tokenFile !== undefined) {
    throw usageError("Give either --code-file or --token-file, not both.");
  }
  const url = serverUrl(given ?? (terminal.env["FLEETS_URL"] || DEFAULT_URL));
  await new AdminClient({ url, timeoutMs: 5_000 }).reach("sign in");
  const token = await obtainToken(terminal, url, options);
  const server = await new FleetApi(new AdminClient({ url, token })).server("sign in");
  const { name: serverName, fingerprint } = server;
  const path = writeProfile(terminal.env, { url, token, serverName, fingerprint });
  writeMessage(
    terminal,
    `Signed in to "${serverName}" at ${url} as ${server.caller.role}`,
  );
  writeNote(terminal, `Server fingerprint ${fingerprint}; sign-in stored in ${path}`);
}

async function obtainToken(
  terminal: Terminal,
  url: string,
  options: LoginOptions,
): Promise<string> {
  const fromEnv = terminal.env["FLEETS_TOKEN"]?.trim();
  if (options.tokenFile !== undefined) {
    return await readSecret(terminal, {
      name: "API token",
      file: options.tokenFile,
      fileOption: "--token-file",
      question: "API token",
    });
  }
  if (options.codeFile === undefined && fromEnv) return fromEnv;
  const secret = await readSecret(terminal, {
    name: options.codeFile === undefined ? "setup code or API token" : "setup code",
    file: options.codeFile,
    fileOption: "--code-file",
    question: "Setup code (printed by the server at its first start) or API token",
  });
  if (secret.startsWith(API_TOKEN_START)) return secret;
  const { token } = await new FleetApi(new AdminClient({ url })).setUp("sign in", {
    code: secret,
    name: signInName(),
  });
  return token;
}

/** "ada@workbench": says in the server's list whose token it is. */
function signInName(): string {
  const user = (() => {
    try {
      return userInfo().username;
    } catch {
      return "user"; // a user id without an account
    }
  })();
  return `${user}@${hostname()}`.replaceAll(/[^A-Za-z0-9 ._@-]/g, "-").replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 63);
}

function logOut(terminal: Terminal): void {
  const profile = readProfile(terminal.env);
  if (!removeProfile(terminal.env)) {
    throw new CliError("Cannot sign out: no sign-in is stored.", {
      exitCode: ExitCode.notSignedIn,
    });
  }
  writeMessage(terminal, `Signed out${profile ? ` of ${profile.url}` : ""}`);
}
