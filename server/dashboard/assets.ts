/**
 * @module
 * The files that pages load. Their address carries a digest of them all, so a browser keeps them for good and a
 * new version of the server is seen at once.
 */
import { createHash } from "node:crypto";
import qrcodeModule from "qrcode-generator" with { type: "text" };
import uplotScript from "uplot/dist/uPlot.iife.min.js" with { type: "text" };
import uplotSheet from "uplot/dist/uPlot.min.css" with { type: "text" };
import { FILES } from "./assets.gen.ts";

/** One file as it is served. */
export interface Asset {
  readonly type: string;
  readonly body: string;
}

const ICON =
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="6" fill="#3c4fc9"/>` +
  `<g fill="none" stroke="#fff" stroke-width="1.8" stroke-linecap="round"><path d="M7 17.5h10M12 13v4.5"/>` +
  `<rect x="5.5" y="5.5" width="13" height="7.5" rx="1.5"/></g></svg>`;

const SCRIPT = "text/javascript; charset=utf-8";

/** Every file by name. */
export const ASSETS: Readonly<Record<string, Asset>> = Object.freeze({
  ...Object.fromEntries(
    Object.entries(FILES).filter(([name]) => name.endsWith(".js"))
      .map(([name, body]) => [name, { type: SCRIPT, body }]),
  ),
  "uplot.js": { type: SCRIPT, body: `${uplotScript}\nexport default uPlot;\n` },
  "qrcode-generator.js": { type: SCRIPT, body: qrcodeModule },
  "style.css": { type: "text/css; charset=utf-8", body: `${uplotSheet}\n${FILES["style.css"]}` },
  "icon.svg": { type: "image/svg+xml", body: ICON },
});

/** Digest of all files, 12 letters. */
export const ASSETS_VERSION = createHash("sha256").update(JSON.stringify(ASSETS)).digest("hex")
  .slice(0, 12);

/** The address of a file. */
export function assetPath(name: string): string {
  return `/assets/${ASSETS_VERSION}/${name}`;
}
