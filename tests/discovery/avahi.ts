/**
 * Avahi on a laboratory host: its own message bus, its own daemon, its own tools.
 *
 * @module
 */
import { eventually, type LabHost, type LabProcess, type NetworkLab } from "./netns.ts";

/** Programs a test with Avahi needs. */
export const AVAHI_PROGRAMS = ["dbus-daemon", "avahi-daemon", "avahi-browse", "avahi-publish"];

/** A service as avahi-browse resolved it. */
export interface AvahiService {
  readonly interfaceName: string;
  readonly family: "IPv4" | "IPv6";
  readonly instance: string;
  readonly type: string;
  readonly host: string;
  readonly address: string;
  readonly port: number;
  readonly txt: string;
}

const BUS_CONFIGURATION = (directory: string) =>
  `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=${directory}/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/><allow own="*"/>
    <allow send_destination="*" eavesdrop="true"/><allow receive_sender="*" eavesdrop="true"/>
  </policy>
</busconfig>
`;

const AVAHI_CONFIGURATION = (hostName: string) =>
  `[server]
host-name=${hostName}
use-ipv4=yes
use-ipv6=yes
[publish]
publish-hinfo=no
publish-workstation=no
`;

/** A running Avahi. */
export class Avahi {
  readonly #host: LabHost;
  readonly #env: Record<string, string>;
  readonly #daemon: LabProcess;

  private constructor(host: LabHost, env: Record<string, string>, daemon: LabProcess) {
    this.#host = host;
    this.#env = env;
    this.#daemon = daemon;
  }

  /** Starts Avahi on a host and waits until it answers. */
  static async start(lab: NetworkLab, host: LabHost, hostName: string): Promise<Avahi> {
    const directory = await lab.temporaryDirectory();
    await Deno.chmod(directory, 0o755);
    await Deno.writeTextFile(`${directory}/bus.conf`, BUS_CONFIGURATION(directory));
    await Deno.writeTextFile(`${directory}/avahi.conf`, AVAHI_CONFIGURATION(hostName));
    const env = { DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${directory}/bus`, LC_ALL: "C.UTF-8" };
    const bus = host.spawn([
      "dbus-daemon",
      `--config-file=${directory}/bus.conf`,
      "--nofork",
      "--nopidfile",
      "--print-address=1",
    ]);
    await bus.line((line) => line.startsWith("unix:path="));
    // Its socket and pid file have fixed places in /run: each daemon sees a /run of its own.
    const daemon = host.spawn([
      "unshare",
      "-m",
      "sh",
      "-c",
      'mount -t tmpfs -o mode=755 tmpfs /run && exec avahi-daemon --no-drop-root --no-rlimits --no-chroot -f "$0"',
      `${directory}/avahi.conf`,
    ], env);
    await eventually(() => daemon.errors.includes("Server startup complete"), {
      describe: () => `Avahi did not start:\n${daemon.errors}${bus.errors}`,
    });
    return new Avahi(host, env, daemon);
  }

  /** What avahi-browse finds now. */
  async browse(type: string): Promise<AvahiService[]> {
    const output = await this.#host.run(["avahi-browse", "-rptk", type], this.#env);
    return output.split("\n").filter((line) => line.startsWith("=;")).map(parseLine);
  }

  /** Watches a type; the lines are those of `avahi-browse -rp`. */
  watch(type: string): LabProcess {
    return this.#host.spawn(["avahi-browse", "-rpk", type], this.#env);
  }

  /** Publishes a service until it is stopped. */
  async publish(instance: string, type: string, port: number, txt: readonly string[] = []): Promise<
    LabProcess
  > {
    const process = this.#host.spawn(
      ["avahi-publish", "-s", instance, type, String(port), ...txt],
      this.#env,
    );
    // It says "Established under name" on standard error.
    await eventually(() => process.errors.includes("Established under name"), {
      describe: () => process.errors + this.#daemon.errors,
    });
    return process;
  }
}

/** Splits a line of `avahi-browse -p`; letters that are no word characters come as `\DDD`. */
function parseLine(line: string): AvahiService {
  const fields = line.split(";").map(unescape);
  const [, interfaceName, family, instance, type, , host, address, port, txt] = fields;
  return {
    interfaceName: interfaceName!,
    family: family as "IPv4" | "IPv6",
    instance: instance!,
    type: type!,
    host: host!,
    address: address!,
    port: Number(port),
    txt: txt ?? "",
  };
}

function unescape(field: string): string {
  return field.replace(/\\(\d{3})/g, (_, code) => String.fromCharCode(Number(code)))
    .replace(/\\(.)/g, "$1");
}
