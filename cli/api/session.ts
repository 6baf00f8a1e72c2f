/**
 * From the stored sign-in to a client: every command that talks to the server starts here.
 *
 * @module
 */
import {
  AdminClient,
  CliError,
  ExitCode,
  type Profile,
  profileIsExposed,
  profilePath,
  readProfile,
  type Terminal,
  writeNote,
} from "@fleetd/cli/kit";
import { FleetApi } from "./client.ts";

/** Where a server listens unless told otherwise. */
export const DEFAULT_URL = "http://127.0.0.1:8080";

/** A signed-in connection. */
export interface Session {
  readonly profile: Profile;
  readonly api: FleetApi;
}

/**
 * The session in force.
 * @param act what the user wants, for the error: "list devices"
 * @throws {CliError} exit code 3 when not signed in, or 5 when there is not even a server
 */
export async function openSession(terminal: Terminal, act: string): Promise<Session> {
  const profile = signIn(terminal);
  if (profile !== undefined) {
    if (!terminal.env["FLEETS_TOKEN"] && profileIsExposed(terminal.env)) {
      const path = profilePath(terminal.env);
      writeNote(terminal, `Other users can read your sign-in. Close it with: chmod 600 ${path}`);
    }
    return { profile, api: new FleetApi(new AdminClient(profile)) };
  }
  const url = terminal.env["FLEETS_URL"] || DEFAULT_URL;
  await new AdminClient({ url, timeoutMs: 3_000 }).reach(act);
  throw new CliError(`Cannot ${act}: you are not signed in.`, {
    exitCode: ExitCode.notSignedIn,
    hints: [`Sign in with: fleets login ${url}`],
  });
}

/** As {@linkcode openSession}, but undefined when there is no sign-in: for commands that do without a server. */
export function storedSession(terminal: Terminal, timeoutMs: number): Session | undefined {
  const profile = signIn(terminal);
  return profile && { profile, api: new FleetApi(new AdminClient({ ...profile, timeoutMs })) };
}

/** The stored sign-in, or a token of the environment alone for the server where one listens by default. */
function signIn({ env }: Terminal): Profile | undefined {
  const token = env["FLEETS_TOKEN"]?.trim();
  return readProfile(env) ?? (token ? { url: DEFAULT_URL, token } : undefined);
}
