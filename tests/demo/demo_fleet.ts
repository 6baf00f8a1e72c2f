/**
 * A whole fleet on this machine: a server with a fresh database, a real agent and five simulated devices. The demo shows
 * it to people; tests ask it questions.
 *
 * @module
 */
import { AdminClient } from "@fleetd/cli/kit";
import { readConfig, type RunningServer, startServer } from "@fleetd/server";
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { DEMO_DEVICES } from "./models.ts";
import { type RealAgent, startRealAgent } from "./real_agent.ts";
import { runDevice } from "./run_device.ts";
import { SimulatedDevice } from "./simulated_device.ts";

/** The part of the admin API's device that the demo shows. */
export interface FleetDevice {
  readonly handle: string;
  readonly name: string | null;
  readonly model: string | null;
  readonly admission: string;
  readonly online: boolean;
  readonly lastSeenMs: number | null;
  readonly latest: Readonly<Record<string, number>>;
}

/** What the demo is started with. */
export interface DemoOptions {
  /** Folder for the database and everything else; made when it is not there. */
  readonly folder: string;
  /** Wanted port; the next free one when it is taken. 0 picks any. */
  readonly port: number;
  /** Announce on the network instead of loopback. */
  readonly lan: boolean;
}

/** A running demo. */
export interface DemoFleet {
  readonly url: string;
  /** What opens the dashboard: a one-time link that makes the user "demo", or the address once it has a password. */
  readonly dashboard: string;
  /** The same from other machines, with the fingerprint of the certificate that a browser warns of there; null = this machine only. */
  readonly elsewhere: { readonly dashboard: string; readonly certificate: string } | null;
  /** API token of the administrator, and the file that holds it. */
  readonly token: string;
  readonly tokenFile: string;
  /** Name of the real agent's device. */
  readonly agentName: string;
  readonly agent: RealAgent;
  devices(): Promise<FleetDevice[]>;
  /** Lets a device sync this often, so that there is something to see. */
  setInterval(handle: string, intervalS: number): Promise<void>;
  close(): Promise<void>;
}

const PORTS_TRIED = 20;
const SAMPLE_EVERY_S = 5;

async function startOnFreePort(options: DemoOptions): Promise<RunningServer> {
  for (let port = options.port;; port++) {
    const config = readConfig({
      port,
      listen: options.lan ? "0.0.0.0" : "127.0.0.1",
      // Beside the usual port the usual one, beside another one another.
      "tls-port": options.lan && port > 0 ? port + 363 : undefined,
      db: `${options.folder}/fleet.db`,
      name: "Demo fleet",
      "log-level": "error",
    });
    try {
      return await startServer(config);
    } catch (error) {
      const taken = /taken|in use|EADDRINUSE/i.test((error as Error).message);
      if (!taken || port === 0 || port - options.port >= PORTS_TRIED) throw error;
    }
  }
}

/** The administrator's token: made with the setup code of a fresh database, kept beside it for the next start. */
async function signIn(
  server: RunningServer,
  { url, tokenFile }: { url: string; tokenFile: string },
): Promise<string> {
  if (server.setupCode === null) return (await Deno.readTextFile(tokenFile)).trim();
  const { token } = await new AdminClient({ url }).request<{ token: string }>(
    "POST",
    "/api/v1/setup",
    {
      act: "sign in",
      body: { code: server.setupCode, name: "demo" },
    },
  );
  await Deno.writeTextFile(tokenFile, token + "\n", { mode: 0o600 });
  return token;
}

/** The path of a link for the user "demo" until it has a password; its sessions stay with the database. */
async function dashboardPath(api: AdminClient): Promise<string> {
  type User = { id: string; name: string; passwordAtMs: number | null };
  const act = "make a sign-in link";
  const { items } = await api.request<{ items: User[] }>("GET", "/api/v1/users", { act });
  const user = items.find(({ name }) => name === "demo");
  if (user !== undefined && user.passwordAtMs !== null) return "/";
  const { path } = user === undefined
    ? await api.request<{ path: string }>("POST", "/api/v1/users", {
      act,
      body: { name: "demo", role: "admin" },
    })
    : await api.request<{ path: string }>("POST", `/api/v1/users/${user.id}/reset`, { act });
  return path;
}

async function enrolmentToken(api: AdminClient): Promise<string> {
  const { token } = await api.request<{ token: string }>("POST", "/api/v1/enrolment-tokens", {
    act: "make an enrolment token",
    body: { name: "demo", uses: DEMO_DEVICES.length + 1, ttlS: 86_400, labels: { demo: "yes" } },
  });
  return token;
}

/** Starts everything; ready when the promise resolves, except that devices still have to come in. */
export async function startDemoFleet(options: DemoOptions): Promise<DemoFleet> {
  await Deno.mkdir(options.folder, { recursive: true });
  const server = await startOnFreePort(options);
  const stop = new AbortController();
  try {
    const url = `http://127.0.0.1:${server.port}`;
    const tokenFile = `${options.folder}/admin.token`;
    const token = await signIn(server, { url, tokenFile });
    const api = new AdminClient({ url, token });
    const path = await dashboardPath(api);
    const enrolment = await enrolmentToken(api);
    const lives = DEMO_DEVICES.map(({ name, model, comesAndGoes }) => {
      const device = new SimulatedDevice({ url, model, name, token: enrolment, now: Date.now });
      return runDevice(device, { signal: stop.signal, sampleEveryS: SAMPLE_EVERY_S, comesAndGoes });
    });
    const enrolmentFile = `${options.folder}/enrolment.token`;
    await Deno.writeTextFile(enrolmentFile, enrolment + "\n", { mode: 0o600 });
    const agent = startRealAgent({
      folder: `${options.folder}/agent`,
      tokenFile: enrolmentFile,
      lan: options.lan,
    });
    const devices = async () =>
      (await api.request<{ items: FleetDevice[] }>("GET", "/api/v1/devices", {
        act: "list devices",
      })).items;
    return {
      url,
      dashboard: url + path,
      elsewhere: server.tls === null ? null : {
        dashboard: server.publicUrl + path,
        certificate: server.tls.fingerprint,
      },
      token,
      tokenFile,
      agentName: hostname(),
      agent,
      devices,
      async setInterval(handle, intervalS) {
        await api.request("PATCH", `/api/v1/devices/${handle}`, {
          act: "set the interval",
          body: { intervalS },
        });
      },
      async close() {
        stop.abort();
        await agent.stop();
        await Promise.all(lives);
        await server.close();
      },
    };
  } catch (error) {
    stop.abort();
    await server.close();
    throw error;
  }
}

/** Waits until the agent and all simulated devices are accepted and have reported figures. @throws Error when the agent ends before */
export async function untilComplete(fleet: DemoFleet, signal: AbortSignal): Promise<FleetDevice[]> {
  let ended: number | undefined;
  fleet.agent.ended.then((code) => ended = code);
  while (!signal.aborted) {
    const devices = await fleet.devices();
    const reporting = devices.filter((d) =>
      d.admission === "accepted" && Object.keys(d.latest).length > 0
    );
    if (reporting.length > DEMO_DEVICES.length) {
      for (const { handle } of devices) await fleet.setInterval(handle, SAMPLE_EVERY_S);
      return await fleet.devices();
    }
    if (ended !== undefined) {
      throw new Error(
        `The agent ended with ${ended} before it was accepted:\n${fleet.agent.said()}`,
      );
    }
    await delay(250, undefined, { signal }).catch(() => {});
  }
  return await fleet.devices();
}
