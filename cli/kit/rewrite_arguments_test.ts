/**
 * @module
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import fc from "fast-check";
import { rewriteArguments } from "./rewrite_arguments.ts";

const RUNS = Deno.env.get("FLEETD_CI") ? 100_000 : 2_000;

interface Parsed {
  command: string;
  options: unknown;
  operands: unknown;
}

/** A program with every kind of option; what was parsed lands in `parsed`. */
function sample(): { program: CommandUnknownOpts; parsed: Parsed[] } {
  const parsed: Parsed[] = [];
  const program = new Command("fleetp").exitOverride().enablePositionalOptions()
    .configureOutput({ writeErr: () => {}, writeOut: () => {} })
    .version("1.2.3", "-V, --version").helpOption("-h, --help");
  program.command("provision").alias("flash")
    .argument("[operands...]")
    .option("-d, --device <path>")
    .option("--wifi-ssid <ssid>")
    .option("-v, --verbose")
    .option("-q, --quiet")
    .option("-x")
    .option("--no-mdns")
    .option("--label <pairs...>")
    .option("-c, --color [when]")
    .option("--vq")
    .action((operands, options) => void parsed.push({ command: "provision", options, operands }));
  program.command("status").option("--watch")
    .action((options) => void parsed.push({ command: "status", options, operands: [] }));
  return { program, parsed };
}

function parse(args: readonly string[], rewrite: boolean): Parsed | undefined {
  const { program, parsed } = sample();
  program.parse(rewrite ? rewriteArguments(program, args) : args, { from: "user" });
  return parsed[0];
}

function rewritten(...args: string[]): string[] {
  return rewriteArguments(sample().program, args);
}

Deno.test("a single dash before a declared long option becomes two", () => {
  deepEqual(rewritten("provision", "-device", "/dev/disk2", "-wifi-ssid", "home"), [
    "provision",
    "--device",
    "/dev/disk2",
    "--wifi-ssid",
    "home",
  ]);
  deepEqual(rewritten("provision", "-device=/dev/disk2"), ["provision", "--device=/dev/disk2"]);
  deepEqual(rewritten("provision", "-no-mdns"), ["provision", "--no-mdns"]);
  deepEqual(rewritten("flash", "-verbose"), ["flash", "--verbose"]);
  deepEqual(rewritten("-version"), ["--version"]);
  deepEqual(rewritten("provision", "-help"), ["provision", "--help"]);
});

Deno.test("an option of another command is left alone", () => {
  deepEqual(rewritten("provision", "-watch"), ["provision", "-watch"]);
  deepEqual(rewritten("status", "-device"), ["status", "-device"]);
  deepEqual(rewritten("-device", "provision"), ["-device", "provision"]);
});

Deno.test("a value is never rewritten, even when it looks like an option", () => {
  deepEqual(rewritten("provision", "-wifi-ssid", "-device", "-device", "x"), [
    "provision",
    "--wifi-ssid",
    "-device",
    "--device",
    "x",
  ]);
  deepEqual(rewritten("provision", "-d", "-verbose"), ["provision", "-d", "-verbose"]);
  deepEqual(rewritten("provision", "-vd", "-verbose"), ["provision", "-vd", "-verbose"]);
  deepEqual(rewritten("provision", "--device", "--", "-verbose"), [
    "provision",
    "--device",
    "--",
    "--verbose",
  ]);
});

Deno.test("nothing after -- is rewritten", () => {
  deepEqual(rewritten("provision", "--", "-device", "-verbose"), [
    "provision",
    "--",
    "-device",
    "-verbose",
  ]);
});

Deno.test("grouped short flags and attached values keep working", () => {
  deepEqual(rewritten("provision", "-qx"), ["provision", "-qx"]);
  deepEqual(rewritten("provision", "-d/dev/disk2"), ["provision", "-d/dev/disk2"]);
  deepEqual(rewritten("provision", "-xd", "-wifi-ssid", "-wifi-ssid", "home"), [
    "provision",
    "-xd",
    "-wifi-ssid",
    "--wifi-ssid",
    "home",
  ]);
});

Deno.test("a declared long name wins over a group of the same letters", () => {
  deepEqual(rewritten("provision", "-vq"), ["provision", "--vq"]);
});

Deno.test("a short option takes its value after an equals sign", () => {
  equal((parse(["provision", "-d=/dev/x"], true)?.options as { device: string }).device, "/dev/x");
  deepEqual(rewritten("provision", "-v=1"), ["provision", "-v=1"]);
});

Deno.test("an operand with the name of a command does not change the command", () => {
  deepEqual(rewritten("provision", "image", "status", "-watch", "-device", "x"), [
    "provision",
    "image",
    "status",
    "-watch",
    "--device",
    "x",
  ]);
});

Deno.test("negative numbers and a lone dash are values", () => {
  deepEqual(rewritten("provision", "-5", "-", "-1.5e3"), ["provision", "-5", "-", "-1.5e3"]);
});

/** Pieces of a command line of `provision`, each as commander wants it and as Go users write it. */
const value = fc.oneof(
  fc.constantFrom(
    "-device",
    "--device",
    "-vq",
    "-v",
    "--verbose",
    "-1",
    "-",
    "a=b",
    "provision",
    "status",
    "",
  ),
  fc.string({ maxLength: 8 }),
);
const plain = value.filter((text) => !text.startsWith("-") || text === "-");
const piece = fc.oneof(
  fc.tuple(fc.constantFrom("device", "wifi-ssid"), value).map(([name, v]) => ({
    canonical: [`--${name}`, v],
    goStyle: [`-${name}`, v],
  })),
  fc.tuple(fc.constantFrom("device", "wifi-ssid", "color"), value).map(([name, v]) => ({
    canonical: [`--${name}=${v}`],
    goStyle: [`-${name}=${v}`],
  })),
  fc.constantFrom("verbose", "quiet", "no-mdns", "vq").map((name) => ({
    canonical: [`--${name}`],
    goStyle: [`-${name}`],
  })),
  fc.constantFrom("-v", "-q", "-x", "-qx", "-xv", "-d-verbose", "-xdv").map((group) => ({
    canonical: [group],
    goStyle: [group],
  })),
  fc.tuple(fc.constantFrom("-d", "-xd"), value).map((args) => ({ canonical: args, goStyle: args })),
  fc.tuple(plain, fc.array(plain, { maxLength: 2 })).map(([first, more]) => ({
    canonical: ["--label", first, ...more, "-x"],
    goStyle: ["-label", first, ...more, "-x"],
  })),
  fc.option(plain, { nil: undefined }).map((v) => ({
    canonical: ["--color", ...(v === undefined ? ["-q"] : [v])],
    goStyle: ["-color", ...(v === undefined ? ["-q"] : [v])],
  })),
  plain.map((operand) => ({ canonical: [operand], goStyle: [operand] })),
);
const tail = fc.option(fc.array(value, { maxLength: 3 }).map((rest) => ["--", ...rest]), {
  nil: [] as string[],
});

Deno.test("property: Go style means exactly what the double-dash form means", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), tail, (pieces, rest) => {
      const canonical = ["provision", ...pieces.flatMap((p) => p.canonical), ...rest];
      const goStyle = ["provision", ...pieces.flatMap((p) => p.goStyle), ...rest];
      deepEqual(parse(goStyle, true), parse(canonical, false));
    }),
    { numRuns: RUNS },
  );
});

Deno.test("property: only a dash is ever added, and rewriting twice changes nothing more", () => {
  const anything = fc.array(
    fc.oneof(value, fc.constantFrom("-label", "-color", "-xd", "--", "-help")),
    {
      maxLength: 8,
    },
  );
  fc.assert(
    fc.property(anything, (args) => {
      const { program } = sample();
      const once = rewriteArguments(program, args);
      equal(once.length, args.length);
      once.forEach((arg, at) =>
        ok(arg === args[at] || arg === `-${args[at]}` || /^-\w=/.test(args[at]!))
      );
      deepEqual(rewriteArguments(program, once), once);
    }),
    { numRuns: RUNS },
  );
});
