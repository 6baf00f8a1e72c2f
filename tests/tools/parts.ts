/**
 * The parts of the test run and what each needs from Debian.
 *
 * @module
 */

/** A program that a part needs and the Debian package that brings it. */
export interface Need {
  readonly program: string;
  readonly debianPackage: string;
}

/** One part of the test run: a set of test files run by one `deno test`. */
export interface Part {
  readonly name: string;
  readonly paths: readonly string[];
  readonly needs: readonly Need[];
  /** Parts that open real networks or kill processes run one file at a time. */
  readonly parallel: boolean;
}

const GCC: Need = { program: "gcc", debianPackage: "gcc" };
const IP: Need = { program: "ip", debianPackage: "iproute2" };
const STRACE: Need = { program: "strace", debianPackage: "strace" };
const SHELLS: readonly Need[] = [
  { program: "zsh", debianPackage: "zsh" },
  { program: "fish", debianPackage: "fish" },
  { program: "script", debianPackage: "bsdutils" },
];
const AVAHI: readonly Need[] = [
  { program: "avahi-daemon", debianPackage: "avahi-daemon" },
  { program: "avahi-browse", debianPackage: "avahi-utils" },
  { program: "dbus-daemon", debianPackage: "dbus" },
];

/** The servers themselves are outside the PATH, in a folder of their version; this program of theirs is in it. */
const POSTGRES: Need = { program: "pg_ctlcluster", debianPackage: "postgresql" };
const CHROMIUM: Need = { program: "chromium", debianPackage: "chromium" };

/** In the order in which they run: the cheapest first. */
export const PARTS: readonly Part[] = [
  {
    name: "house",
    paths: ["tests/architecture_test.ts", "tests/tools"],
    needs: [],
    parallel: true,
  },
  {
    name: "unit",
    paths: ["firmware-protocol", "agent", "server", "cli"],
    needs: [GCC],
    parallel: true,
  },
  { name: "protocol", paths: ["tests/protocol"], needs: [GCC], parallel: true },
  { name: "store", paths: ["tests/store"], needs: [POSTGRES], parallel: true },
  { name: "agent", paths: ["tests/agent"], needs: [STRACE], parallel: true },
  { name: "server", paths: ["tests/server"], needs: [POSTGRES], parallel: false },
  { name: "attacks", paths: ["tests/attacks"], needs: [], parallel: false },
  { name: "browser", paths: ["tests/browser"], needs: [CHROMIUM, IP], parallel: false },
  { name: "cli", paths: ["tests/cli"], needs: SHELLS, parallel: false },
  { name: "discovery", paths: ["tests/discovery"], needs: [IP, ...AVAHI], parallel: false },
  {
    name: "fleet",
    paths: ["tests/e2e", "tests/crash"],
    needs: [IP, ...AVAHI, STRACE, POSTGRES],
    parallel: false,
  },
];
