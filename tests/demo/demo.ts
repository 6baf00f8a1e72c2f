/**
 * `deno task demo [--lan] [--keep DIR] [--port N] [--json]`: a fleet on this machine to look at. Ctrl-C ends all of it.
 *
 * @module
 */
import {
  type Column,
  formatAgo,
  formatBytes,
  formatPercent,
  LiveView,
  outColours,
  processTerminal,
  renderTable,
} from "@fleetd/cli/kit";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type DemoFleet, type FleetDevice, startDemoFleet, untilComplete } from "./demo_fleet.ts";

const USAGE = `Usage: deno task demo [options]

  --lan        announce the server and the agent on the network, not only on this machine
  --keep DIR   keep the database and the agent's storage in DIR, and go on there next time
  --port N     port of the server (8080; the next free one when it is taken)
  --json       print {url, token, devices} once everything is up, nothing else
`;

const nameOf = (device: FleetDevice) => device.name ?? device.handle;

const figure = (
  heading: string,
  metric: string,
  show: (value: number) => string,
): Column<FleetDevice> => ({
  heading,
  key: metric,
  value: (device) => device.latest[metric],
  show: (device) => device.latest[metric] === undefined ? "–" : show(device.latest[metric]),
  align: "right",
});

const columns = (nowMs: number, agentName: string): Column<FleetDevice>[] => [
  {
    heading: "NAME",
    key: "name",
    value: nameOf,
    show: (d) => nameOf(d) === agentName ? `${agentName} (this machine)` : nameOf(d),
  },
  { heading: "MODEL", key: "model", value: (d) => d.model, shrink: 1 },
  {
    heading: "STATE",
    key: "online",
    value: (d) => d.admission !== "accepted" ? d.admission : d.online ? "online" : "offline",
    style: (text, { item, colours }) => item.online ? colours.green(text) : colours.red(text),
  },
  {
    heading: "SEEN",
    key: "lastSeenMs",
    value: (d) => d.lastSeenMs,
    show: (d) => formatAgo(d.lastSeenMs, nowMs),
    align: "right",
  },
  figure("CPU", "cpu.use", formatPercent),
  figure("MEMORY", "memory.used", formatBytes),
  {
    ...figure("TEMP", "temperature.cpu", (c) => `${c.toFixed(0)} °C`),
    style: (text, { item, colours }) =>
      (item.latest["temperature.cpu"] ?? 0) >= 80 ? colours.red(text) : text,
  },
  figure("HEAP", "heap.free", formatBytes),
];

/** How this user runs a task: with the deno that is there, or through npx. */
function denoCommand(): string {
  const onPath = (Deno.env.get("PATH") ?? "").split(":").some((folder) => {
    try {
      return !folder.includes("node_modules") && Deno.statSync(`${folder}/deno`).isFile;
    } catch {
      return false;
    }
  });
  return onPath ? "deno" : `npx -y deno@${Deno.version.deno}`;
}

/** How other machines reach the dashboard, in a demo that is on the network. */
function elsewhereText({ elsewhere }: DemoFleet): string {
  if (elsewhere === null) return "";
  return `
  Elsewhere ${elsewhere.dashboard}
            (a browser warns of a certificate made here: go on if its SHA-256 is
            ${elsewhere.certificate})`;
}

function introduction(
  fleet: DemoFleet,
  { port, folder, keep }: { port: number; folder: string; keep: boolean },
): string {
  const run = `${denoCommand()} task fleets`;
  const taken = port !== 0 && !fleet.url.endsWith(`:${port}`)
    ? `Port ${port} is taken, so this demo is on another one.\n`
    : "";
  return `${taken}
FleetD demo

  Look      ${fleet.dashboard}
            ${
    fleet.dashboard.includes("#")
      ? "(in a browser; the link works once: choose a password for the user demo)"
      : "(in a browser; you are the user demo)"
  }${elsewhereText(fleet)}
  Sign in   ${run} login ${fleet.url} --token-file ${fleet.tokenFile}
  Then try  ${run} devices list
            ${run} devices show ${fleet.agentName}
            ${run} devices watch
            ${run} discover
  Files     ${folder}${keep ? "" : " (gone when the demo ends)"}

`;
}

/** Resolves with the signal; at once when it has come already. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve());
  });
}

/** Shows the table until the signal: in place on a terminal, once in a pipe. */
async function showDevices(fleet: DemoFleet, signal: AbortSignal): Promise<void> {
  const terminal = processTerminal();
  const view = new LiveView(terminal);
  const draw = async () => {
    const items = (await fleet.devices()).toSorted((a, b) => nameOf(a).localeCompare(nameOf(b)));
    return renderTable({ columns: columns(Date.now(), fleet.agentName), items }, {
      colours: outColours(terminal),
      columns: terminal.size()?.columns,
    });
  };
  if (!terminal.stdoutIsTty) {
    terminal.out(await draw());
    console.log("\nCtrl-C ends the demo.");
    await aborted(signal);
    return;
  }
  while (!signal.aborted) {
    view.draw(await draw() + "\nCtrl-C ends the demo.");
    await delay(1000, undefined, { signal }).catch(() => {});
  }
  view.close();
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      lan: { type: "boolean", default: false },
      keep: { type: "string" },
      port: { type: "string", default: "8080" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false, short: "h" },
    },
  });
  if (values.help) return console.log(USAGE);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new TypeError(`--port takes a number from 0 to 65535, not ${values.port}`);
  }
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => stop.abort());
  }
  const folder = values.keep ?? await Deno.makeTempDir({ prefix: "fleetd-demo-" });
  let fleet: DemoFleet | undefined;
  try {
    fleet = await startDemoFleet({ folder, port, lan: values.lan });
    if (!values.json) {
      console.log(introduction(fleet, { port, folder, keep: values.keep !== undefined }));
      console.log("Devices are coming in …\n");
    }
    const devices = await untilComplete(fleet, stop.signal);
    if (values.json && !stop.signal.aborted) {
      console.log(JSON.stringify({ url: fleet.url, token: fleet.token, devices }));
      await aborted(stop.signal);
    } else await showDevices(fleet, stop.signal);
  } finally {
    await fleet?.close();
    if (values.keep === undefined) await Deno.remove(folder, { recursive: true });
  }
}

try {
  await main();
  Deno.exit(0);
} catch (error) {
  const isUsage = error instanceof TypeError && ("code" in error || error.message.startsWith("--"));
  console.error(
    isUsage ? `${error.message}\n\n${USAGE}` : `The demo cannot go on: ${(error as Error).message}`,
  );
  Deno.exit(isUsage ? 2 : 1);
}
