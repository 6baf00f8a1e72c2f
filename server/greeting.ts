/**
 * @module
 * What a person reads when the server has started: where it is, who it is, how to go on.
 */
import type { RunningServer } from "./mod.ts";

/** Lines for standard output. The setup code is shown here and nowhere else. */
export function greeting(
  server: Pick<RunningServer, "url" | "address" | "config" | "facts" | "setupCode">,
): string[] {
  const { url, address, config, facts, setupCode } = server;
  const where = address === "::" || address === "0.0.0.0"
    ? " and on every address of this machine"
    : url.includes(address)
    ? ""
    : `, for devices at ${address}`;
  const lines = [
    `FleetD server ${facts.version} is running at ${url}${where}`,
    `  fleet        ${facts.name}`,
    `  fingerprint  ${facts.fingerprint}`,
    `  database     ${config.db}`,
    "",
  ];
  if (setupCode === null) lines.push("Sign in with an API token:", `  fleets login ${url}`);
  else {
    lines.push(
      "Nobody can sign in yet. Become the first administrator with this setup code, which works once:",
      `  ${setupCode}`,
      `  fleets login ${url}`,
    );
  }
  lines.push(
    "",
    "The status page is at " + url + "/ (on this machine only). Ctrl-C stops the server.",
  );
  if (config.enrolment === "open") {
    lines.push(
      "",
      "WARNING: enrolment is open: every device on a private network that asks is let in, and nobody compares its fingerprint.",
      "         Such devices are marked until somebody accepts them. Close it again with --enrolment manual.",
    );
  }
  return lines;
}
