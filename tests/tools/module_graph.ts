/**
 * The project's modules and who imports whom, read from `deno info --json`.
 *
 * @module
 */
import { ROOT } from "./paths.ts";

/** One import of one module. `to` is a path relative to the root, or the bare specifier of a package (`npm:kysely`, `node:fs`). */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

/** Every module of the repository (paths relative to its root) and every import between them and of packages. */
export interface ModuleGraph {
  readonly modules: readonly string[];
  readonly edges: readonly Edge[];
}

interface InfoDependency {
  specifier: string;
  code?: { specifier?: string };
  type?: { specifier?: string };
}
interface Info {
  modules: { specifier: string; error?: string; dependencies?: InfoDependency[] }[];
}

/** Folders whose TypeScript files are modules of the project. */
const FOLDERS = ["firmware-protocol", "agent", "server", "cli", "provision", "tests"];

function* sourceFiles(folder: string): Generator<string> {
  let entries: Deno.DirEntry[];
  try {
    entries = [...Deno.readDirSync(ROOT + folder)];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  for (const entry of entries.toSorted((a, b) => a.name.localeCompare(b.name))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* sourceFiles(path);
    else if (/\.tsx?$/.test(entry.name)) yield path;
  }
}

/** Every TypeScript file of the project, relative to the root, sorted. */
export function listModules(): string[] {
  return FOLDERS.flatMap((folder) => [...sourceFiles(folder)]);
}

function relative(specifier: string): string {
  if (specifier.startsWith(`file://${ROOT}`)) return specifier.slice(`file://${ROOT}`.length);
  const name = /^npm:\/?((?:@[^/@]+\/)?[^/@]+)/.exec(specifier)?.[1];
  return name === undefined ? specifier : `npm:${name}`;
}

/** Asks Deno for the graph of all modules at once. @throws Error when a module does not resolve. */
export async function readModuleGraph(): Promise<ModuleGraph> {
  const modules = listModules();
  const all = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(all, modules.map((m) => `import "file://${ROOT}${m}";\n`).join(""));
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", "--config", `${ROOT}deno.json`, all],
      cwd: ROOT,
    }).output();
    if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
    const info = JSON.parse(new TextDecoder().decode(stdout)) as Info;
    const known = new Set(modules);
    const edges: Edge[] = [];
    for (const module of info.modules) {
      const from = relative(module.specifier);
      if (!known.has(from)) continue;
      if (module.error !== undefined) throw new Error(`${from}: ${module.error}`);
      for (const dependency of module.dependencies ?? []) {
        const resolved = dependency.code?.specifier ?? dependency.type?.specifier ??
          dependency.specifier;
        edges.push({ from, to: relative(resolved), typeOnly: dependency.code === undefined });
      }
    }
    return { modules, edges };
  } finally {
    await Deno.remove(all);
  }
}

/** The import cycles of a graph: each as the list of modules on it. */
export function findCycles(edges: readonly Edge[]): string[][] {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) next.set(from, [...next.get(from) ?? [], to]);
  const cycles: string[][] = [], done = new Set<string>(), path: string[] = [];
  const visit = (module: string) => {
    const at = path.indexOf(module);
    if (at >= 0) return void cycles.push(path.slice(at));
    if (done.has(module)) return;
    path.push(module);
    for (const to of next.get(module) ?? []) visit(to);
    path.pop();
    done.add(module);
  };
  for (const module of next.keys()) visit(module);
  return cycles;
}
