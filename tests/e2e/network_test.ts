/**
 * The fleet on a real network: server, devices and administrators on hosts of their own (network namespaces), which know
 * nothing of each other but what mDNS tells.
 *
 * @module
 */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { Avahi, AVAHI_PROGRAMS } from "../discovery/avahi.ts";
import {
  type LabHost,
  type LabSegment,
  type NetworkLab,
  reasonForNoLab,
  withLab,
} from "../discovery/netns.ts";
import {
  type Ended,
  eventually,
  fleetdCommand,
  fleetsCommand,
  run,
  RunningProcess,
  Workplace,
} from "./processes.ts";

const reason = await reasonForNoLab(AVAHI_PROGRAMS);
if (reason !== undefined) {
  console.error(
    `SKIPPED fleet on a network: ${reason}; install with: apt-get install -y iproute2 avahi-daemon avahi-utils dbus`,
  );
}

function testOnNetwork(name: string, act: (net: Net) => Promise<void>): void {
  Deno.test({ name, ignore: reason !== undefined, fn: () => withLab((lab) => act(new Net(lab))) });
}

const FINGERPRINT = /[a-z2-7]{4}(?:-[a-z2-7]{4}){5}/;

interface Discovered {
  readonly handle: string;
  readonly address: string;
  readonly model: string;
  readonly version: string;
  readonly state: string;
  readonly known: boolean | null;
  readonly admission: string | null;
}

interface Status {
  readonly handle: string;
  readonly fingerprint: string;
  readonly state: string;
  readonly server: { readonly url: string; readonly fingerprint: string } | null;
  readonly servers?: readonly { readonly url: string; readonly fingerprintPrefix: string }[];
}

/** A host with a folder of its own, on which both tools can be run. */
class Machine {
  constructor(readonly host: LabHost, readonly place: Workplace, readonly address: string) {}

  start(command: readonly string[]): RunningProcess {
    return new RunningProcess(["ip", "netns", "exec", this.host.name, ...command], {
      env: this.place.env,
    });
  }

  run(command: readonly string[]): Promise<Ended> {
    return run(["ip", "netns", "exec", this.host.name, ...command], { env: this.place.env });
  }

  fleets(...args: string[]): Promise<Ended> {
    return this.run(fleetsCommand(...args));
  }

  async fleetsJson<T>(...args: string[]): Promise<T> {
    const { code, stdout, stderr } = await this.fleets(...args, "-o", "json");
    equal(code, 0, `fleets ${args.join(" ")}\n${stdout}${stderr}`);
    return JSON.parse(stdout);
  }

  async status(): Promise<Status> {
    const { stdout } = await this.run(fleetdCommand("status", "-o", "json"));
    return JSON.parse(stdout);
  }

  /** Waits until the agent says that it is in this state. */
  async reaches(state: string, agent: RunningProcess): Promise<Status> {
    return await eventually(async () => {
      const status = await this.status();
      return status.state === state && status;
    }, { everyMs: 500, describe: () => `the agent is not ${state}:\n${agent.report()}` });
  }

  /** Puts a file into this machine's folder; its path. */
  file(name: string, text: string): string {
    Deno.writeTextFileSync(this.place.path(name), text);
    return this.place.path(name);
  }

  /** What an HTTP request from this host gets: status and body. */
  async get(url: string): Promise<{ status: number; body: string }> {
    const script =
      "const a = await fetch(Deno.args[0], {redirect: 'manual'}); console.log(JSON.stringify({status: a.status, body: await a.text()}))";
    const file = this.file("get.ts", script);
    const { code, stdout, stderr } = await this.run([Deno.execPath(), "run", "-A", file, url]);
    equal(code, 0, stderr);
    return JSON.parse(stdout);
  }
}

/** Machines on one link, 10.88.0.1 and up; those of another link are made by hand. */
class Net {
  #count = 0;
  #segment: LabSegment | undefined;

  constructor(readonly lab: NetworkLab) {}

  async machine(): Promise<Machine> {
    const host = await this.lab.addHost();
    const address = `10.88.0.${++this.#count}`;
    await host.connect(await this.segment(), {
      interfaceName: "eth0",
      addresses: [`${address}/24`],
    });
    return await this.at(host, address);
  }

  /** The common link. */
  async segment(): Promise<LabSegment> {
    return this.#segment ??= await this.lab.addSegment();
  }

  async at(host: LabHost, address: string): Promise<Machine> {
    const place = await Workplace.open();
    this.lab.onClose(() => place[Symbol.asyncDispose]());
    return new Machine(host, place, address);
  }

  /** Starts a server and signs in on its own host. */
  async server(machine: Machine, ...args: string[]): Promise<Server> {
    const process = machine.start(
      fleetsCommand(
        "server",
        "--db",
        machine.place.path("fleet.db"),
        "--log-level",
        "warn",
        ...args,
      ),
    );
    this.lab.onClose(() => process[Symbol.asyncDispose]());
    const [, code] = await process.says(/^ {2}(\S+)\n {2}fleets login/m);
    const [fingerprint] = await process.says(FINGERPRINT);
    const login = await machine.fleets("login", "--code-file", machine.file("code", code!));
    equal(login.code, 0, login.stderr);
    return { process, fingerprint, url: `http://${machine.address}:8080` };
  }

  /** Starts an agent. */
  agent(machine: Machine, ...args: string[]): RunningProcess {
    const process = machine.start(fleetdCommand("agent", "--interval", "1", ...args));
    this.lab.onClose(() => process[Symbol.asyncDispose]());
    return process;
  }
}

interface Server {
  readonly process: RunningProcess;
  readonly fingerprint: string;
  readonly url: string;
}

async function token(machine: Machine): Promise<string> {
  return (await machine.fleetsJson<{ token: string }>("tokens", "create")).token;
}

testOnNetwork(
  "an agent that was told nothing finds the server, waits, is let in, and is seen by others",
  async (net) => {
    const [office, pi, laptop] = [await net.machine(), await net.machine(), await net.machine()];
    const avahi = await Avahi.start(net.lab, laptop.host, "laptop");
    const watching = avahi.watch("_fleetd._tcp");
    const server = await net.server(office);
    let agent = net.agent(pi);
    const { handle, fingerprint, server: found } = await pi.reaches("pending", agent);
    equal(found!.fingerprint, server.fingerprint);

    const register = await office.fleets(
      ...["devices", "register", handle.slice(0, 4), "--fingerprint", fingerprint],
    );
    equal(register.code, 0, register.stderr);
    await pi.reaches("accepted", agent);

    // From a third machine, which has no server: a row with all that is announced.
    const [seen] = await laptop.fleetsJson<Discovered[]>("discover");
    equal(seen!.handle, handle);
    equal(seen!.address, `${pi.address}:7400`);
    equal(seen!.state, "accepted");
    equal(seen!.known, null);
    ok(seen!.model.length > 0);
    match(seen!.version, /^\d+\.\d+\.\d+$/);
    const table = await laptop.fleets("discover");
    match(table.stdout, new RegExp(`${handle} .*${pi.address}:7400 .*accepted`));
    // From the server's: whether it is one of ours.
    const [known] = await office.fleetsJson<Discovered[]>("discover");
    deepEqual([known!.known, known!.admission], [true, "accepted"]);

    // The administrator's side stays on the server's own machine, the agent's status on its own.
    for (const path of ["/api/v1/devices", "/api/v1/server", "/metrics"]) {
      equal((await laptop.get(server.url + path)).status, 403, path);
    }
    ok((await laptop.get(`${server.url}/`)).status >= 300, "no page over plain HTTP");
    equal((await laptop.get(`${server.url}/healthz`)).status, 200);
    equal((await laptop.get(`http://${pi.address}:7400/v1/status`)).status, 403);
    const info = await laptop.get(`http://${pi.address}:7400/v1/info`);
    equal(JSON.parse(info.body).handle, handle);

    // Avahi sees it come and go, whichever way it is asked to end.
    const dashes = handle.replaceAll("-", "(?:-|\\\\045)");
    const event = (kind: string) => () =>
      watching.lines.filter((line) => new RegExp(`^\\${kind};eth0;IPv4;${dashes};`).test(line))
        .length;
    const count = { up: event("="), down: event("-") };
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      const before = count.down();
      await eventually(() => count.up() > before, { describe: () => watching.lines.join("\n") });
      equal((await agent.end(signal)).code, 0);
      await eventually(() => count.down() > before, {
        deadlineMs: 20_000,
        describe: () => `no goodbye after ${signal}:\n${watching.lines.join("\n")}`,
      });
      deepEqual(await laptop.fleetsJson<Discovered[]>("discover"), []);
      if (signal === "SIGTERM") agent = net.agent(pi);
    }
    equal((await server.process.end("SIGTERM")).code, 0);
  },
);

testOnNetwork(
  "an agent that sees two servers waits and says so; a token or a fingerprint decides",
  async (net) => {
    const [left, right, pi, other] = [
      await net.machine(),
      await net.machine(),
      await net.machine(),
      await net.machine(),
    ];
    const servers = [
      await net.server(left, "--name", "left"),
      await net.server(right, "--name", "right"),
    ];
    const agent = net.agent(pi);
    await agent.says(/Sees several servers and was told of none, so it waits/);
    const status = await pi.reaches("waiting", agent);
    equal(status.server, null);
    deepEqual(
      status.servers!.map(({ fingerprintPrefix }) => fingerprintPrefix).toSorted(),
      servers.map(({ fingerprint }) => fingerprint.replaceAll("-", "").slice(0, 16)).toSorted(),
    );
    for (const machine of [left, right]) {
      deepEqual(await machine.fleetsJson<unknown[]>("devices", "list"), []);
    }
    const [seen] = await left.fleetsJson<Discovered[]>("discover");
    deepEqual([seen!.state, seen!.known], ["waiting", false]);

    // A token is of one server.
    const file = other.file("token", await token(right));
    const second = net.agent(other, "--token-file", file);
    const admitted = await other.reaches("accepted", second);
    equal(admitted.server!.fingerprint, servers[1]!.fingerprint);
    equal((await right.fleetsJson<unknown[]>("devices", "list")).length, 1);

    // So is a fingerprint, told to an agent that waits.
    const trust = await pi.run(fleetdCommand("trust", servers[0]!.fingerprint));
    equal(trust.code, 0, trust.stderr);
    const pending = await pi.reaches("pending", agent);
    equal(pending.server!.fingerprint, servers[0]!.fingerprint);
  },
);

testOnNetwork(
  "where mDNS does not cross, an agent is asked by its address and finds the server by URL",
  async (net) => {
    const office = await net.machine();
    const router = await net.lab.addHost();
    const shed = await net.lab.addHost();
    const link = await net.lab.addSegment();
    await router.connect(await net.segment(), {
      interfaceName: "eth0",
      addresses: ["10.88.0.254/24"],
    });
    await router.connect(link, { interfaceName: "eth1", addresses: ["10.88.7.254/24"] });
    await router.run(["sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward"]);
    await shed.connect(link, { interfaceName: "eth0", addresses: ["10.88.7.2/24"] });
    await shed.run(["ip", "route", "add", "default", "via", "10.88.7.254"]);
    await office.host.run(["ip", "route", "add", "10.88.7.0/24", "via", "10.88.0.254"]);
    const pi = await net.at(shed, "10.88.7.2");

    const server = await net.server(office);
    const agent = net.agent(pi, "--server", server.url);
    const { handle } = await pi.reaches("pending", agent);
    deepEqual(await office.fleetsJson<Discovered[]>("discover"), []);
    const [asked] = await office.fleetsJson<Discovered[]>(
      "discover",
      "--address",
      "10.88.7.2:7400",
    );
    deepEqual(
      [asked!.handle, asked!.address, asked!.state, asked!.known, asked!.admission],
      [handle, "10.88.7.2:7400", "pending", true, "pending"],
    );
    const nobody = await office.fleets("discover", "--address", "10.88.7.254:7400");
    equal(nobody.code, 5);
    match(nobody.stderr, /no agent answers there/);
  },
);

testOnNetwork(
  "a discovered agent is invited to a server that does not announce itself",
  async (net) => {
    const [office, pi] = [await net.machine(), await net.machine()];
    const server = await net.server(office, "--no-mdns");
    const agent = net.agent(pi);
    await agent.says("Looking for a server on the network");
    const { handle, fingerprint } = await eventually(
      () => pi.status().catch(() => undefined),
      { describe: () => agent.report() },
    );
    await eventually(
      async () =>
        (await office.fleetsJson<Discovered[]>("discover")).some((one) => one.handle === handle),
    );
    const register = await office.fleets(
      ...["devices", "register", handle, "--fingerprint", fingerprint],
      ...["--server-url", server.url],
    );
    equal(register.code, 0, register.stderr + agent.report());
    match(register.stderr, new RegExp(`Invited ${handle}`));
    const { server: joined } = await pi.reaches("accepted", agent);
    deepEqual(joined, { url: server.url, fingerprint: server.fingerprint });
    // It belongs to somebody now, and takes no other invitation.
    const invitation = await office.run([
      Deno.execPath(),
      "eval",
      `const a = await fetch("http://${pi.address}:7400/v1/invitation", {method: "POST", headers: {"content-type": "application/json"}, body: '{"url":"http://10.88.0.9:8080"}'}); console.log(a.status)`,
    ]);
    equal(invitation.stdout.trim(), "409");
  },
);
