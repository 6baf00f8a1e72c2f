/**
 * The terminal as the commands see it: three streams, the environment, size and colour. Data goes to stdout,
 * everything said to people goes to stderr. Tests pass their own.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import process from "node:process";
import pc from "picocolors";

/** Functions that wrap text in colour codes, or leave it alone where colour is off. */
export type Colours = ReturnType<typeof import("picocolors").createColors>;

/** Where a command reads and writes. */
export interface Terminal {
  /** Environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether stdin is a terminal. */
  readonly stdinIsTty: boolean;
  /** Whether stdout is a terminal. */
  readonly stdoutIsTty: boolean;
  /** Whether stderr is a terminal. */
  readonly stderrIsTty: boolean;
  /** Width and height of stdout in characters; undefined when it is not a terminal. */
  size(): { readonly columns: number; readonly rows: number } | undefined;
  /** Writes to stdout: data only. */
  out(text: string): void;
  /** Writes to stderr: messages, questions, progress. */
  err(text: string): void;
  /** Everything on stdin, as UTF-8 text. */
  readStdin(): Promise<string>;
  /** Waits until what was written has left the process. */
  flush(): Promise<void>;
}

/** Whether colour belongs on a stream: https://no-color.org, FORCE_COLOR, dumb terminals, pipes. */
export function colourEnabled(env: Terminal["env"], isTty: boolean): boolean {
  if (env["NO_COLOR"]) return false;
  if (env["FORCE_COLOR"]) return env["FORCE_COLOR"] !== "0";
  return isTty && env["TERM"] !== "dumb";
}

/** Colours for what goes to stdout. */
export function outColours(terminal: Terminal): Colours {
  return pc.createColors(colourEnabled(terminal.env, terminal.stdoutIsTty));
}

/** Colours for what goes to stderr. */
export function errColours(terminal: Terminal): Colours {
  return pc.createColors(colourEnabled(terminal.env, terminal.stderrIsTty));
}

/** Whether a question can be asked: someone is there to read it and to answer. */
export function canAsk(terminal: Terminal): boolean {
  return terminal.stdinIsTty && terminal.stderrIsTty;
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  // A reader that went away (`fleets devices list | head -1`) is no failure.
  for (const stream of [stdout, stderr]) {
    stream.on("error", (error: Error & { code?: string }) => {
      if (error.code === "EPIPE") process.exit(0);
      throw error;
    });
  }
  return {
    env: process.env,
    stdinIsTty: stdin.isTTY === true,
    stdoutIsTty: stdout.isTTY === true,
    stderrIsTty: stderr.isTTY === true,
    size: () =>
      stdout.isTTY ? { columns: stdout.columns || 80, rows: stdout.rows || 24 } : undefined,
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    readStdin: async () => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of stdin) chunks.push(chunk as Uint8Array);
      return Buffer.concat(chunks).toString("utf8");
    },
    flush: async () => {
      for (const stream of [stdout, stderr]) {
        await new Promise<void>((done) => stream.write("", () => done()));
      }
    },
  };
}
