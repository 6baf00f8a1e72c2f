/**
 * Enrolment tokens from where they may come: a file, stdin, a hidden question; never an argument.
 *
 * @module
 */
import { CliError, ExitCode, readSecret, type Terminal } from "@fleetd/cli/kit";
import { parseToken, ProtocolError } from "@fleetd/firmware-protocol";
import type { Token } from "./agent_state.ts";

/** The token's text, checked. @throws {CliError} */
export async function readSecretToken(terminal: Terminal, file?: string): Promise<string> {
  const text = await readSecret(terminal, {
    name: "enrolment token",
    file,
    fileOption: "--token-file",
    question: "Enrolment token",
  });
  parsed(text);
  return text;
}

/** The token. @throws {CliError} */
export async function readToken(terminal: Terminal, file?: string): Promise<Token> {
  return parsed(await readSecretToken(terminal, file));
}

function parsed(text: string): Token {
  try {
    return parseToken(text);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new CliError(error.message, { exitCode: ExitCode.usage, cause: error });
  }
}
