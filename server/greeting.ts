/**
 * @module
 * What a person reads when the server has started: where it is, who it is, how to go on.
 */
import { shownDatabase } from "./database_url.ts";
import type { RunningServer } from "./mod.ts";

/** What is greeted with. */
export type Greeted = Pick<
  RunningServer,
  "url" | "publicUrl" | "tls" | "address" | "config" | "facts" | "setupCode"
>;

/** Lines for standard output. The setup code is shown here and nowhere else. */
export function greeting(server: Greeted): string[] {
  const { url, address, config, facts, tls } = server;
  const where = address === "::" || address === "0.0.0.0"
    ? " and on every address of this machine"
    : url.includes(address)
    ? ""
    : `, for devices at ${address}`;
  const lines = [
    `FleetD server ${facts.version} is running at ${url}${where}`,
    `  fleet        ${facts.name}`,
    `  fingerprint  ${facts.fingerprint}`,
    `  database     ${shownDatabase(config.db)}`,
  ];
  if (tls !== null) {
    lines.push(
      `  HTTPS        port ${tls.port}, ${
        tls.own ? "certificate made here" : "your certificate"
      }, SHA-256`,
      `               ${tls.fingerprint}`,
    );
  }
  lines.push("", ...signInLines(server));
  if (config.enrolment === "open") {
    lines.push(
      "",
      "WARNING: enrolment is open: every device on a private network that asks is let in, and nobody compares its fingerprint.",
      "         Such devices are marked until somebody accepts them. Close it again with --enrolment manual.",
    );
  }
  return [...lines, "", "Ctrl-C stops the server."];
}

function signInLines({ url, publicUrl, tls, setupCode, config }: Greeted): string[] {
  const warned = tls?.own
    ? ["", "A browser warns of a certificate made here: go on if it shows the SHA-256 above."]
    : [];
  if (setupCode === null) {
    return [
      "Sign in with your user name, or an API token:",
      `  ${publicUrl}/`,
      `  fleets login ${tls === null ? url : publicUrl}`,
    ];
  }
  const why = config.newSetupCode ? "A new setup code was asked for." : "Nobody can sign in yet.";
  return [
    `${why} Become ${
      config.newSetupCode ? "an" : "the first"
    } administrator with this link, which works once:`,
    `  ${publicUrl}/setup#${setupCode}`,
    ...(publicUrl === url ? [] : [`  ${url}/setup#${setupCode}   (on this machine)`]),
    "or in a terminal with its setup code:",
    `  ${setupCode}`,
    `  fleets login ${url}`,
    ...warned,
  ];
}
