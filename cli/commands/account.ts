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
  askText,
  canAsk,
  CliError,
  ExitCode,
  type Profile,
  readProfile,
  readSecret,
  refusePlainHttp,
  removeProfile,
  serverUrl,
  type Terminal,
  usageError,
  writeMessage,
  writeNote,
  writeProfile,
} from "@fleetd/cli/kit";
import { FleetApi } from "../api/client.ts";
import { pinCertificate } from "../api/pin_certificate.ts";
import { DEFAULT_URL } from "../api/session.ts";
import type { FleetsContext } from "../context.ts";

/** API tokens begin so; anything else that is typed is taken for a setup code. */
const API_TOKEN_START = "flt_";

/** Adds `login` and `logout`. */
export function addAccountCommands(program: Command, { terminal }: FleetsContext): void {
  const login = program.command("login")
    .description(
      "sign in to a server and remember it\n\n" +
        "With a user name and password, with the one-time setup code that fleets server prints at its first start, or " +
        "with an API token. No secret is ever an argument: it is asked for, or read from a file, from stdin (-) or from " +
        "FLEETS_TOKEN. The certificate of a server that made it itself is shown, compared by you, and pinned.",
    )
    .summary("sign in to a server")
    .argument("[url]", `address of the server (default ${DEFAULT_URL})`)
    .option("--user <name>", "sign in as this user")
    .option("--password-file <file>", "read the user's password from a file, or - for stdin")
    .option("--code-file <file>", "read the setup code from a file, or - for stdin")
    .option("--token-file <file>", "read an API token from a file, or - for stdin")
    .option("--tls-fingerprint <sha256>", "trust only the certificate with this SHA-256")
    .action((url, options) => logIn(terminal, url, options));
  addExamples(login, [
    { run: "fleets login", does: `to ${DEFAULT_URL}; asks for what is needed` },
    { run: "fleets login --code-file - < code.txt", does: "with a setup code from stdin" },
    { run: "fleets login https://fleet.local:8443 --user ada", does: "to a server elsewhere" },
  ]);
  program.command("logout")
    .description("forget the stored sign-in; a token made for a user by its password ends")
    .action(() => logOut(terminal));
}

interface LoginOptions {
  readonly user?: string;
  readonly passwordFile?: string;
  readonly codeFile?: string;
  readonly tokenFile?: string;
  readonly tlsFingerprint?: string;
}

const ACT = "sign in";

async function logIn(
  terminal: Terminal,
  given: string | undefined,
  options: LoginOptions,
): Promise<void> {
  checkOptions(options);
  const url = serverUrl(given ?? (terminal.env["FLEETS_URL"] || DEFAULT_URL));
  refusePlainHttp(ACT, url);
  const wanted = options.tlsFingerprint ?? (terminal.env["FLEETS_TLS_FINGERPRINT"] || undefined);
  const stored = readProfile(terminal.env);
  const tlsFingerprint = await pinCertificate(terminal, { url, wanted, stored });
  const token = await obtainToken(terminal, { url, tlsFingerprint }, options);
  const api = new FleetApi(new AdminClient({ url, token, tlsFingerprint }));
  const { name: serverName, fingerprint, caller } = await api.server(ACT);
  const profile = { url, token, serverName, fingerprint, tlsFingerprint };
  const path = writeProfile(terminal.env, profile);
  writeMessage(
    terminal,
    `Signed in to "${serverName}" at ${url} as ${
      caller.user ? `${caller.user.name} (${caller.role})` : caller.role
    }`,
  );
  if (tlsFingerprint !== undefined) writeNote(terminal, `Certificate pinned: ${tlsFingerprint}`);
  writeNote(terminal, `Server fingerprint ${fingerprint}; sign-in stored in ${path}`);
}

function checkOptions({ user, passwordFile, codeFile, tokenFile }: LoginOptions): void {
  if (codeFile !== undefined && tokenFile !== undefined) {
    throw usageError("Give either --code-file or --token-file, not both.");
  }
  if (user === undefined && passwordFile !== undefined) {
    throw usageError("--password-file needs --user NAME.");
  }
  if (user !== undefined && (codeFile !== undefined || tokenFile !== undefined)) {
    throw usageError("Give either --user, or --code-file or --token-file.");
  }
}

/** A server, and the certificate it must show. */
type Place = Pick<Profile, "url" | "tlsFingerprint">;

async function obtainToken(
  terminal: Terminal,
  place: Place,
  options: LoginOptions,
): Promise<string> {
  if (options.tokenFile !== undefined) {
    return await readSecret(terminal, {
      name: "API token",
      file: options.tokenFile,
      fileOption: "--token-file",
      question: "API token",
    });
  }
  if (options.user !== undefined) {
    return await withPassword(terminal, place, { user: options.user, file: options.passwordFile });
  }
  const fromEnv = terminal.env["FLEETS_TOKEN"]?.trim();
  if (options.codeFile === undefined && fromEnv) return fromEnv;
  if (options.codeFile === undefined && canAsk(terminal)) {
    const ways = await new FleetApi(new AdminClient(place)).signInWays(ACT);
    if (ways?.users && !ways.setupOpen) {
      const user = await askText(terminal, "User name (empty: sign in with an API token)");
      if (user !== "") return await withPassword(terminal, place, { user });
    }
  }
  return await withCodeOrToken(terminal, place, options.codeFile);
}

async function withPassword(
  terminal: Terminal,
  place: Place,
  { user, file }: { readonly user: string; readonly file?: string },
): Promise<string> {
  const password = await readSecret(terminal, {
    name: "password",
    file,
    fileOption: "--password-file",
    question: `Password of ${user}`,
    spaces: true,
  });
  const { token } = await new FleetApi(new AdminClient(place)).signIn(ACT, {
    name: user,
    password,
    tokenName: signInName(),
  });
  return token;
}

async function withCodeOrToken(
  terminal: Terminal,
  place: Place,
  file: string | undefined,
): Promise<string> {
  const secret = await readSecret(terminal, {
    name: file === undefined ? "setup code or API token" : "setup code",
    file,
    fileOption: "--code-file",
    question: "Setup code (printed by the server at its first start) or API token",
  });
  if (secret.startsWith(API_TOKEN_START)) return secret;
  const { token } = await new FleetApi(new AdminClient(place)).setUp(ACT, {
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

const SIGN_OUT_MS = 3_000;

async function logOut(terminal: Terminal): Promise<void> {
  // Only what is stored is forgotten, so only that is ended.
  const profile = readProfile({ ...terminal.env, FLEETS_TOKEN: undefined });
  if (!removeProfile(terminal.env)) {
    throw new CliError("Cannot sign out: no sign-in is stored.", {
      exitCode: ExitCode.notSignedIn,
    });
  }
  try {
    const stored = profile && { ...profile, timeoutMs: SIGN_OUT_MS };
    if (stored) await new FleetApi(new AdminClient(stored)).signOut("sign out");
  } catch (error) {
    // The server may be away, and a token that stands for itself is ended by an administrator.
    if (!(error instanceof CliError)) throw error;
  }
  writeMessage(terminal, `Signed out${profile ? ` of ${profile.url}` : ""}`);
}
