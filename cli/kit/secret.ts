/**
 * Reading secrets. They come from a file, from stdin (`-`) or from a hidden question, never from an argument, which
 * every user of the machine could see.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { CliError, usageError } from "./cli_error.ts";
import { ExitCode } from "./exit_code.ts";
import { askSecret } from "./prompt.ts";
import { canAsk, type Terminal } from "./terminal.ts";

/** Longest secret taken, in characters: longer is a wrong file. */
const LONGEST = 4_096;

/** Where a secret may come from. */
export interface SecretSource {
  /** What it is, for sentences: "API token". */
  readonly name: string;
  /** A path, or `-` for stdin. */
  readonly file?: string;
  /** The option that takes the path, for the advice when nobody can be asked: "--token-file". */
  readonly fileOption: string;
  /** The question on a terminal. */
  readonly question: string;
  /** A password, which may have spaces: only the end of the line is taken off. */
  readonly spaces?: boolean;
}

/** The secret without surrounding white space. @throws {CliError} when it is empty, unreadable or cannot be asked for. */
export async function readSecret(terminal: Terminal, source: SecretSource): Promise<string> {
  if (source.file !== undefined) return cleanSecret(await readText(terminal, source), source);
  if (!canAsk(terminal)) {
    throw usageError(
      `The ${source.name} is needed, and there is no terminal to ask on.`,
      `Give it in a file: ${source.fileOption} FILE, or on stdin: ${source.fileOption} -`,
    );
  }
  return cleanSecret(await askSecret(terminal, source.question), source);
}

async function readText(terminal: Terminal, { name, file }: SecretSource): Promise<string> {
  if (file === "-") return await terminal.readStdin();
  try {
    return readFileSync(file!, "utf8");
  } catch (error) {
    const missing = (error as { code?: string }).code === "ENOENT";
    throw new CliError(
      `Cannot read the ${name} from ${file}: ${missing ? "no such file" : String(error)}.`,
      {
        exitCode: missing ? ExitCode.notFound : ExitCode.failed,
        cause: error,
      },
    );
  }
}

function cleanSecret(text: string, { name, file, spaces = false }: SecretSource): string {
  const secret = spaces ? text.replace(/\r?\n$/, "") : text.trim();
  const from = file === undefined ? "" : file === "-" ? " on stdin" : ` in ${file}`;
  if (secret === "") throw usageError(`There is no ${name}${from}.`);
  if (secret.length > LONGEST || (spaces ? /\p{Cc}/u : /\s|\p{Cc}/u).test(secret)) {
    const must = spaces ? "one line" : "one word";
    throw usageError(`What stands${from || " there"} is no ${name}: it must be ${must}.`);
  }
  return secret;
}
