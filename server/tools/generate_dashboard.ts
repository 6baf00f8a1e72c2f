/**
 * @module
 * Writes server/dashboard/assets.gen.ts: the pages' modules with their types stripped and their style sheets as
 * one, or with `--check` fails when it differs. Nothing is bundled: the pages' modules are few and small, and the
 * browser loads them as they are.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const DASHBOARD = fileURLToPath(new URL("../dashboard/", import.meta.url));
const FILE = `${DASHBOARD}assets.gen.ts`;
const HEAD =
  `// Generated from server/dashboard/{client,shared,style} by server/tools/generate_dashboard.ts.
// Do not edit: change the sources and run \`deno task gen\`.

/**
 * @module
 * What pages load, by file name.
 */
`;

/** In the order in which they apply. */
const SHEETS = ["tokens", "base", "components", "charts"];

/**
 * Makes the file.
 * @returns whether it is now as it should be; with \`check\` nothing is written
 */
export function generateDashboard({ check }: { readonly check: boolean }): boolean {
  const modules = ["client", "shared"].flatMap((folder) =>
    readdirSync(DASHBOARD + folder).filter((name) =>
      name.endsWith(".ts") && !name.endsWith("_test.ts")
    )
      .map((name) =>
        [name.replace(/ts$/, "js"), stripped(`${DASHBOARD}${folder}/${name}`)] as const
      )
  );
  const sheet = SHEETS.map((name) => readFileSync(`${DASHBOARD}style/${name}.css`, "utf8"));
  const entries = [...modules.toSorted(([a], [b]) => a < b ? -1 : 1), [
    "style.css",
    smallSheet(sheet.join("\n")),
  ]];
  const text = `${HEAD}export const FILES: Readonly<Record<string, string>> = ${
    JSON.stringify(Object.fromEntries(entries), null, 1)
  };\n`;
  if (!check) writeFileSync(FILE, text);
  return !check || readOrEmpty(FILE) === text;
}

/** JavaScript of one module; every import names a file that stands beside it. */
function stripped(path: string): string {
  const { outputText } = ts.transpileModule(readFileSync(path, "utf8"), {
    fileName: path,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      removeComments: true,
      verbatimModuleSyntax: true,
    },
  });
  return outputText
    .replaceAll(/((?:from|import)\s*\(?)"(?:\.\/|\.\.\/shared\/)([a-z_]+)\.ts"/g, '$1"./$2.js"')
    .replaceAll(/(from\s*)"(uplot|qrcode-generator)"/g, '$1"./$2.js"');
}

/** Without comments, indents and line ends. */
function smallSheet(css: string): string {
  return css.replaceAll(/\/\*[\s\S]*?\*\//g, "").split("\n").map((line) => line.trim())
    .filter((line) => line !== "").join("\n");
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

if (import.meta.main && !generateDashboard({ check: process.argv.includes("--check") })) {
  console.error(
    "server/dashboard/assets.gen.ts differs from its sources; write it again with `deno task gen`",
  );
  process.exit(1);
}
