/**
 * `fleets devices register`: lets a device in after its fingerprint was compared, or invites one that was only
 * discovered on the network.
 *
 * @module
 */
import type { Command } from "@commander-js/extra-typings";
import {
  addExamples,
  canAsk,
  choose,
  CliError,
  type Column,
  confirm,
  errColours,
  ExitCode,
  formatAgo,
  outColours,
  renderTable,
  safeText,
  usageError,
  writeMessage,
  writeNote,
} from "@fleetd/cli/kit";
import { matchDevices } from "../api/find_device.ts";
import { openSession, type Session } from "../api/session.ts";
import type { Device, DeviceDetail } from "../api/shapes.ts";
import type { FleetsContext } from "../context.ts";
import { admitDiscovered } from "./admit_discovered.ts";
import { timeoutOption } from "./timeout_option.ts";

/** Options of `register`. */
export interface RegisterOptions {
  readonly fingerprint?: string;
  readonly serverUrl?: string;
  /** ms */
  readonly timeout: number;
}

/** Adds `register`. */
export function addRegisterCommand(devices: Command, context: FleetsContext): void {
  const register = devices.command("register")
    .description(
      "let a device into the fleet\n\n" +
        "Compare the fingerprint shown with the one on the device itself (fleetd status): a match means that " +
        "no one stands between. A device that the server does not know yet, but that is found on this network, " +
        "is invited first.",
    )
    .summary("let a device into the fleet")
    .argument(
      "[device]",
      "handle, the beginning of a handle, or name; without it, choose among those that wait",
    )
    .option(
      "--fingerprint <fingerprint>",
      "fingerprint read on the device: no question, refused when it differs",
    )
    .option(
      "--server-url <url>",
      "address of the server as the device reaches it, for an invitation",
    )
    .addOption(timeoutOption("how long to wait for an invited device", "60s"))
    .action((reference, options) => registerDevice(context, reference, options));
  addExamples(register, [
    { run: "fleets devices register", does: "choose among those that wait" },
    { run: "fleets devices register k7pq", does: "one device; asks" },
    { run: "fleets devices register k7pq --fingerprint k7pq-2m4d-9xwa-…", does: "for scripts" },
  ]);
}

async function registerDevice(
  context: FleetsContext,
  reference: string | undefined,
  options: RegisterOptions,
): Promise<void> {
  const act = reference === undefined ? "register a device" : `register "${reference}"`;
  const session = await openSession(context.terminal, act);
  const all = await session.api.devices(act);
  if (reference === undefined) {
    const handle = await choosePending(context, session, all);
    if (handle !== undefined) await admit(context, session, { handle, act, options });
    return;
  }
  const [device, ...others] = matchDevices(all, reference);
  if (others.length > 0) {
    throw usageError(
      `Cannot ${act}: it means ${others.length + 1} devices.`,
      ...[device!, ...others].slice(0, 8).map((d) => d.handle),
    );
  }
  const handle = device?.handle ??
    await admitDiscovered(context, session, { reference, act, options });
  await admit(context, session, { handle, act, options });
}

/** The handle that the user chooses; undefined when nothing waits. @throws {CliError} exit code 2 when nobody can be asked */
async function choosePending(
  { terminal, nowMs }: FleetsContext,
  { api }: Session,
  all: readonly Device[],
): Promise<string | undefined> {
  const pending = all.filter((d) => d.admission === "pending");
  if (pending.length === 0) {
    writeMessage(terminal, "No device waits to be registered.");
    writeMessage(terminal, "  Find agents on this network: fleets discover");
    writeMessage(terminal, "  Or admit one without a question: fleets tokens create");
    return undefined;
  }
  if (!canAsk(terminal)) {
    const items = await Promise.all(pending.map((d) => api.device("list what waits", d.handle)));
    const table = { columns: pendingColumns(nowMs()), items };
    terminal.out(
      renderTable(table, { colours: outColours(terminal), columns: terminal.size()?.columns }),
    );
    throw usageError(
      "Cannot register a device: it is not said which, and there is no terminal to ask on.",
      "Compare its fingerprint on the device, then: fleets devices register HANDLE --fingerprint FINGERPRINT",
    );
  }
  return await choose(terminal, {
    message: `${
      pending.length === 1 ? "1 device waits" : `${pending.length} devices wait`
    }. Which one?`,
    choices: pending.map((d) => ({
      value: d.handle,
      label: `${d.handle}  ${d.name ?? ""}`.trimEnd(),
      hint: [d.model ?? d.hwClass, d.address, formatAgo(d.createdAtMs, nowMs())].filter(Boolean)
        .join(", "),
    })),
  });
}

interface Admittance {
  readonly handle: string;
  readonly act: string;
  readonly options: RegisterOptions;
}

async function admit(
  context: FleetsContext,
  { api }: Session,
  { handle, act, options }: Admittance,
): Promise<void> {
  const { terminal } = context;
  const device = await api.device(act, handle);
  if (device.admission === "accepted" && !device.tofu) {
    writeMessage(terminal, `${device.handle} is registered already`);
    return;
  }
  const fingerprint = options.fingerprint ?? await comparedFingerprint(context, device, act);
  if (fingerprint === undefined) {
    writeMessage(
      terminal,
      `Nothing was changed. To turn it away: fleets devices reject ${device.handle}`,
    );
    return;
  }
  if (bare(fingerprint) !== bare(device.fingerprint)) throw mismatch(act, device, fingerprint);
  await api.accept(act, device.handle, device.fingerprint);
  writeMessage(terminal, `Registered ${device.handle}${device.name ? ` (${device.name})` : ""}`);
  const server = await api.server(act);
  writeNote(
    terminal,
    `Before it takes commands, confirm this server on the device: fleetd trust ${server.fingerprint}`,
  );
}

/** The fingerprint if the user says that the device shows the same one. */
async function comparedFingerprint(
  { terminal, nowMs }: FleetsContext,
  device: DeviceDetail,
  act: string,
): Promise<string | undefined> {
  if (!canAsk(terminal)) {
    throw usageError(
      `Cannot ${act}: this needs an answer, and there is no terminal to ask on.`,
      "Compare the fingerprint with the one that fleetd status shows on the device, then:",
      `fleets devices register ${device.handle} --fingerprint ${device.fingerprint}`,
    );
  }
  const colours = errColours(terminal);
  const facts = [
    ["Handle", device.handle],
    ["Model", device.model ?? device.hwClass],
    ["Address", device.address ?? "-"],
    ["First seen", formatAgo(device.createdAtMs, nowMs())],
  ] as const;
  for (const [label, text] of facts) {
    terminal.err(`  ${colours.dim(label.padEnd(13))}${safeText(text)}\n`);
  }
  const fingerprint = colours.bold(safeText(device.fingerprint));
  terminal.err(`  ${colours.dim("Fingerprint".padEnd(13))}${fingerprint}\n\n`);
  const same = await confirm(
    terminal,
    "Is this the fingerprint that fleetd status shows on the device? Yes lets it into the fleet",
  );
  return same ? device.fingerprint : undefined;
}

function mismatch(act: string, device: DeviceDetail, given: string): CliError {
  return new CliError(`Cannot ${act}: its fingerprint is another one.`, {
    exitCode: ExitCode.refused,
    hints: [
      `given      ${given}`,
      `the server ${device.fingerprint}`,
      "If the given one is what the device shows, something stands between it and the server: do not accept it.",
    ],
  });
}

function bare(text: string): string {
  return text.toLowerCase().replace(/[\s-]/g, "");
}

function pendingColumns(nowMs: number): Column<DeviceDetail>[] {
  return [
    { heading: "HANDLE", key: "handle", value: (d) => d.handle },
    { heading: "NAME", key: "name", value: (d) => d.name, shrink: 10, drop: 2 },
    { heading: "MODEL", key: "model", value: (d) => d.model ?? d.hwClass, shrink: 16, drop: 1 },
    { heading: "ADDRESS", key: "address", value: (d) => d.address, drop: 3 },
    {
      heading: "FIRST SEEN",
      key: "createdAtMs",
      value: (d) => d.createdAtMs,
      show: (d) => formatAgo(d.createdAtMs, nowMs),
      drop: 4,
    },
    { heading: "FINGERPRINT", key: "fingerprint", value: (d) => d.fingerprint },
  ];
}
