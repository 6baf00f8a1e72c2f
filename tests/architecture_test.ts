/**
 * The walls of the house (.github/ARCHITECTURE.md), held by a test: edges with their reasons, cycles, orphans, sizes, words.
 *
 * @module
 */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { refusal, roomOf } from "./tools/boundaries.ts";
import { type Edge, findCycles, readModuleGraph } from "./tools/module_graph.ts";
import { ROOT } from "./tools/paths.ts";

const graph = await readModuleGraph();
const isTest = (path: string) => /_test\.tsx?$/.test(path) || path.startsWith("tests/");
const isGenerated = (path: string) => /\.gen\.ts$/.test(path);
const read = (path: string) => Deno.readTextFileSync(ROOT + path);
const ownCode = graph.modules.filter((m) => !isTest(m) && !isGenerated(m));

/** Rooms inside the server that are not features. */
const SERVER_FRAME = new Set(["http", "store", "tools", "dashboard"]);
const featureOf = (path: string) => {
  const [top, room, file] = path.split("/");
  return top === "server" && file !== undefined && !SERVER_FRAME.has(room!) ? room : undefined;
};

/** Every rule about one import: the reason why it is forbidden, or undefined. */
function forbidden({ from, to, typeOnly }: Edge): string | undefined {
  if (isTest(from) && !from.startsWith("tests/")) return refusal(from, to);
  const between = refusal(from, to);
  if (between !== undefined) return between;
  if (featureOf(from) !== undefined) {
    if (to.startsWith("server/http/")) {
      return "a feature knows nothing of HTTP: the route translates";
    }
    if (to === "npm:kysely" || to === "npm:hono") {
      return "a feature declares a port; store/ and http/ know the library";
    }
    if (to.startsWith("server/store/")) {
      return "a feature declares the port that store/ implements, and never imports store/";
    }
  }
  if (from.startsWith("server/store/") && featureOf(to) !== undefined && !typeOnly) {
    return "store/ implements ports: it imports a feature's types only";
  }
  if (to.startsWith("tests/") && roomOf(from) !== "tests") return "nothing imports tests";
  return undefined;
}

Deno.test("every import keeps to the dependency rule", () => {
  const broken = graph.edges.flatMap((edge) => {
    const reason = forbidden(edge);
    return reason === undefined ? [] : [`${edge.from} imports ${edge.to}: ${reason}`];
  });
  equal(broken, []);
});

Deno.test("the dependency rule refuses what it must refuse", () => {
  const edge = (from: string, to: string, typeOnly = false) => forbidden({ from, to, typeOnly });
  ok(edge("agent/main.ts", "server/mod.ts"));
  ok(edge("cli/commands/devices.ts", "server/mod.ts"));
  equal(edge("cli/commands/server.ts", "server/mod.ts"), undefined);
  ok(edge("firmware-protocol/ts/mod.ts", "cli/kit/mod.ts"));
  ok(edge("server/devices/devices.ts", "npm:kysely"));
  ok(edge("server/store/devices_store.ts", "server/devices/devices.ts"));
  equal(edge("server/store/devices_store.ts", "server/devices/devices.ts", true), undefined);
  ok(edge("agent/main.ts", "tests/demo/demo.ts"));
});

Deno.test("no module imports itself through others", () => {
  equal(findCycles(graph.edges.filter((e) => !e.typeOnly)), []);
});

Deno.test("every module is used: imported, exported by its member, or started by a task", () => {
  const imported = new Set(graph.edges.filter((e) => !isTest(e.from)).map((e) => e.to));
  const tasks = read("deno.json") +
    ["cli", "agent", "server", "firmware-protocol", "tests"].map((m) => read(`${m}/deno.json`))
      .join("");
  const orphans = graph.modules.filter((module) =>
    !imported.has(module) && !isTest(module) && !tasks.includes(module) &&
    !/(^|\/)(mod|main)\.ts$/.test(module)
  ).filter((module) => !/\/tools\/generate[a-z_]*\.ts$/.test(module));
  equal(orphans, []);
});

Deno.test("files are small: median of at most 120 lines, 90 % within 350, none over 500", () => {
  const lines = ownCode.map((path) => ({ path, lines: read(path).split("\n").length - 1 }))
    .toSorted((a, b) => a.lines - b.lines);
  equal(lines.filter((f) => f.lines > 500).map((f) => `${f.path}: ${f.lines}`), []);
  const at = (share: number) => lines[Math.floor((lines.length - 1) * share)]!.lines;
  ok(at(0.5) <= 120, `the median file has ${at(0.5)} lines`);
  ok(at(0.9) <= 350, `the file at 90 % has ${at(0.9)} lines`);
});

Deno.test("files are named after what they export, in snake_case, never index, utils or common", () => {
  const bad = graph.modules.filter((m) =>
    !/^[a-z0-9_.-]+\.tsx?$/.test(m.split("/").at(-1)!) ||
    /(^|\/)(index|utils?|common|helpers?)\.tsx?$/.test(m)
  );
  equal(bad, []);
});

const BAD_NAMES = /^(I[A-Z][a-z]\w*|\w*(Manager|Helper|Impl|Utils?))$/;
const BAD_WORDS = /\b(daemon|onboarding|campaign|cohort|check-?in|shadow)\b/i;

Deno.test("exported names and what people read keep to the words of the house", () => {
  const found = ownCode.flatMap((path) => {
    const text = read(path);
    const names = [
      ...text.matchAll(
        /^export (?:default )?(?:async )?(?:abstract )?(?:const|let|class|function\*?|interface|type) (\w+)/gm,
      ),
    ]
      .map((m) => m[1]!).filter((name) =>
        BAD_NAMES.test(name) || BAD_WORDS.test(name.replace(/([a-z])([A-Z])/g, "$1 $2"))
      );
    const texts = [...text.matchAll(/"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g)].map((m) => m[0])
      .filter((s) => s.includes(" ") && BAD_WORDS.test(s) && !s.includes("avahi-daemon"));
    return [...names, ...texts].map((what) => `${path}: ${what}`);
  });
  equal(found, []);
});

Deno.test("in the agent only adapters and the composition root name Deno", () => {
  const found = ownCode.filter((m) =>
    m.startsWith("agent/") && !m.startsWith("agent/adapters/") && m !== "agent/main.ts"
  )
    .filter((m) =>
      read(m).split("\n").some((line) =>
        /\bDeno\.\w/.test(line) && !/^\s*(\*|\/\/|\/\*)/.test(line)
      )
    );
  equal(found, []);
});

Deno.test("the agent starts no program and loads no library: nothing of it names a way to", () => {
  const ways = /\bDeno\.(Command|run|dlopen)\b|child_process|\bnode:(cluster|worker_threads)\b/;
  equal(
    ownCode.filter((m) => /^(agent|firmware-protocol\/ts|cli\/kit)\//.test(m)).filter((m) =>
      ways.test(read(m))
    ),
    [],
  );
});

Deno.test("every module opens by saying what it is for", () => {
  equal(ownCode.filter((m) => !/^(\/\/.*\n|#!.*\n)*\/\*\*[\s\S]*?@module/.test(read(m))), []);
});

Deno.test("ports have at most seven methods", () => {
  const file = "agent/ports.ts";
  const fat = [...read(file).matchAll(/export interface (\w+) \{([\s\S]*?)\n\}/g)]
    .map(([, name, body]) => ({
      name,
      methods: [...body!.matchAll(/^ {2}(?:readonly )?\w+\??(?:<[^>]*>)?\(/gm)].length,
    }))
    .filter((port) => port.methods > 7);
  equal(fat, []);
});

Deno.test("the top level is the one its owner fixed", () => {
  const allowed = new Set([
    "deno.json",
    "cli",
    "agent",
    "server",
    "provision",
    "firmware-protocol",
    "tests",
    "README.md",
    "LICENSE",
    "deno.lock",
    ".ci",
    ".github",
    ".git",
  ]);
  const tracked = new TextDecoder().decode(
    new Deno.Command("git", { args: ["ls-files"], cwd: ROOT }).outputSync().stdout,
  );
  equal(
    [...new Set(tracked.split("\n").filter(Boolean).map((p) => p.split("/")[0]!))].filter((name) =>
      !allowed.has(name)
    ),
    [],
  );
});

Deno.test("the lock holds no address of a registry", () => {
  ok(!/https?:\/\//.test(read("deno.lock")));
});
