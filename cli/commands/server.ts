/**
 * `fleets server`: runs a server here until Ctrl-C. The only module of this program that knows the server, and it
 * loads it only when the command is used, so that the others start fast.
 *
 * @module
 */
import { type Command, Option } from "@commander-js/extra-typings";
import type { RunningServer, ServerOptions } from "@fleetd/server";
import {
  addExamples,
  CliError,
  ExitCode,
  parseWhole,
  type Terminal,
  writeMessage,
} from "@fleetd/cli/kit";
import type { FleetsContext } from "../context.ts";
import { interrupted } from "./interrupt.ts";

/** Adds `server`. */
export function addServerCommand(program: Command, { terminal }: FleetsContext): void {
  const server = program.command("server")
    .description(
      "run a server here until Ctrl-C\n\n" +
        "Devices reach it on every address of this machine, over HTTP or HTTPS. Administrators use HTTPS; over plain HTTP " +
        "they are answered on this machine only. At the first start it prints a link, and a code for fleets login, that " +
        "make the first administrator.",
    )
    .summary("run a server here")
    .addOption(
      new Option("--port <port>", "port to listen on, 0 picks a free one (default 8080)")
        .argParser((text: string): number => parseWhole(text, { min: 0, max: 65_535 })),
    )
    .addOption(
      new Option("--tls-port <port>", "port for HTTPS, 0 picks a free one (default 8443)")
        .argParser((text: string): number => parseWhole(text, { min: 0, max: 65_535 })),
    )
    .option("--no-tls", "serve no HTTPS; so it is with --listen 127.0.0.1 unless a port is given")
    .option("--tls-cert <file>", "PEM file with a certificate to use instead of the server's own")
    .option("--tls-key <file>", "PEM file with its key")
    .option(
      "--behind-proxy <network>",
      "address or network of a proxy that is believed about who asks; may be repeated",
      collect,
    )
    .option("--new-setup-code", "print a sign-in link although somebody can sign in")
    .option(
      "--db <file or URL>",
      "database file, made when it does not exist (default fleet.db), or postgres://user@host/name",
    )
    .option("--listen <address>", "listen on one address only, such as 127.0.0.1 (default all)")
    .option("--data-dir <dir>", "folder for the server's key (default where the database is)")
    .option("--key-file <file>", "file of that key, the same for all servers of a database")
    .option("--config <file>", "JSON file with these settings; the command line wins")
    .option("--no-mdns", "do not announce the server on the network")
    .addOption(
      new Option(
        "--enrolment <mode>",
        "admission of devices without a token; open lets in private addresses",
      )
        .choices(["manual", "open"] as const),
    )
    .option(
      "--allow-host <name>",
      "another host name the server answers to; may be repeated",
      collect,
    )
    .option("--name <name>", "name of the fleet, for a new database")
    .addOption(
      new Option("--log-level <level>", "least severe lines that are logged")
        .choices(["debug", "info", "warn", "error"] as const),
    )
    .action(async ({ config, mdns, tls, allowHost, dataDir, keyFile, logLevel, ...options }) => {
      const { tlsPort, tlsCert, tlsKey, behindProxy, newSetupCode, ...same } = options;
      await run(terminal, config, {
        ...same,
        // Unless it is said here, the file decides.
        mdns: mdns ? undefined : false,
        tls: tls ? undefined : false,
        "tls-port": tlsPort,
        "tls-cert": tlsCert,
        "tls-key": tlsKey,
        "behind-proxy": behindProxy,
        "new-setup-code": newSetupCode,
        "allow-host": allowHost,
        "data-dir": dataDir,
        "key-file": keyFile,
        "log-level": logLevel,
      });
    });
  addExamples(server, [
    { run: "fleets server", does: "on port 8080, with fleet.db in this folder" },
    { run: "fleets server --port 9000 --db /srv/fleet.db", does: "elsewhere" },
    { run: "fleets server --listen 127.0.0.1", does: "for this machine alone" },
    {
      run: "fleets server --tls-cert fleet.pem --tls-key fleet.key",
      does: "with a real certificate",
    },
    {
      run: "fleets server --db postgres://fleet@db.example/fleet --data-dir /etc/fleetd",
      does: "one of several on a PostgreSQL",
    },
  ]);
}

async function run(
  terminal: Terminal,
  file: string | undefined,
  options: ServerOptions,
): Promise<void> {
  const { greeting } = await import("@fleetd/server");
  const server = await start(options, file);
  const stop = interrupted();
  terminal.out(greeting(server).map((line) => `${line}\n`).join(""));
  await stop;
  writeMessage(
    terminal,
    "Stopping: what was acknowledged is being finished. Ctrl-C again ends at once",
  );
  await server.close();
}

/** Starts the server; what it cannot do becomes a sentence with an exit code. */
async function start(options: ServerOptions, file: string | undefined): Promise<RunningServer> {
  const { ConfigError, DomainError, readConfig, startServer } = await import("@fleetd/server");
  try {
    return await startServer(readConfig(options, file));
  } catch (cause) {
    if (cause instanceof ConfigError) {
      const atSystem = (cause.cause as { code?: string } | undefined)?.code !== undefined;
      throw new CliError(sentence(cause.message), {
        exitCode: atSystem ? ExitCode.refused : ExitCode.usage,
        cause,
      });
    }
    if (cause instanceof DomainError) throw new CliError(sentence(cause.message), { cause });
    throw cause;
  }
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}
