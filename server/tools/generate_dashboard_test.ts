import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { ASSETS } from "../dashboard/assets.ts";
import { generateDashboard } from "./generate_dashboard.ts";

Deno.test("the committed files of the pages are what the generator writes", () => {
  ok(generateDashboard({ check: true }));
});

Deno.test("every module imports files that are served, and nothing from elsewhere", () => {
  for (const [name, { body, type }] of Object.entries(ASSETS)) {
    if (!type.startsWith("text/javascript") || name === "qrcode-generator.js") continue;
    const imported = [...body.matchAll(/(?:from|import)\s*\(?"([^"]+)"/g)].map(([, path]) => path!);
    equal(imported.filter((path) => !Object.hasOwn(ASSETS, path.replace("./", ""))), [], name);
  }
});

Deno.test("no module hands text to the browser's parsers, and no sheet loads anything", () => {
  const sinks =
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|parseFromString|\beval\(|new Function|srcdoc/;
  for (const [name, { body }] of Object.entries(ASSETS)) {
    if (name === "qrcode-generator.js") continue;
    equal(sinks.exec(body)?.[0], undefined, name);
  }
  equal(/url\(|@import|https?:/.test(ASSETS["style.css"]!.body), false);
});
