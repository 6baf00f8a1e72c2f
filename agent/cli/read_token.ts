/**
 * Enrolment tokens from where they may come: a file, stdin, a hidden question; never an argument.
 *
 * @module
 */
import { CliError, ExitCode, readSecret, type Terminal } from "@fleetd/cli/kit";
import { parseToken, ProtocolError } from "@fleetd/firmware-protocol";

/** The token's text, checked. @throws {CliError} */
export async function readSecretToken(terminal: Terminal, file?: string): Promise<string> {
  const text = await readSecret(terminal, {
    name: "enrolment token",
    file,
    fileOption: "--token-file",
    question: "Enrolment token",
  });
  check(text);
  return text;
}

function check(text: string): void {
  try {
    parseToken(text);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new CliError(error.message, { exitCode: ExitCode.usage, cause: error });
  }
}
