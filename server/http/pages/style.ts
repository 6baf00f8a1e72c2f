/**
 * @module
 * The style of the server's own pages: one sheet, light and dark, no script, no font, no picture.
 */
import { createHash } from "node:crypto";

const SHEET = `
:root{color-scheme:light dark;--line:light-dark(#d9dde3,#343a42);--soft:light-dark(#5b6470,#9aa4b0);--card:light-dark(#f6f7f9,#1a1e23);
--good:light-dark(#1a7f37,#4ac26b);--warn:light-dark(#9a6700,#d4a72c);--bad:light-dark(#cf222e,#ff7b72)}
*{box-sizing:border-box}
body{margin:0 auto;max-width:72rem;padding:1.25rem;font:1rem/1.5 system-ui,sans-serif;background:light-dark(#fff,#101317);color:light-dark(#1c2128,#e6eaef)}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}
p{margin:.25rem 0}.soft{color:var(--soft)}code,pre{font:.9rem/1.5 ui-monospace,monospace}
pre{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.75rem 1rem;overflow-x:auto;margin:.5rem 0}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(7.5rem,1fr));gap:.75rem;margin:1.25rem 0}
dl div{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.6rem .9rem}
dt{color:var(--soft);font-size:.85rem}dd{margin:0;font-size:1.5rem;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:.5rem}
table{border-collapse:collapse;width:100%;font-size:.95rem}
th,td{padding:.45rem .9rem;text-align:left;white-space:nowrap;border-bottom:1px solid var(--line)}
tr:last-child td{border-bottom:0}th{color:var(--soft);font-weight:500;font-size:.85rem;background:var(--card)}
.n{text-align:right;font-variant-numeric:tabular-nums}.good{color:var(--good)}.warn{color:var(--warn)}.bad{color:var(--bad)}
@media (max-width:40rem){
table,tbody,tr,td{display:block;width:100%}thead{display:none}.scroll{border:0}
tr{border:1px solid var(--line);border-radius:.5rem;margin:0 0 .6rem;padding:.4rem 0}
td{border:0;padding:.15rem .9rem;display:flex;justify-content:space-between;gap:1rem;white-space:normal;text-align:right}
td::before{content:attr(data-label);color:var(--soft)}td:first-child{font-weight:600}}
`.replaceAll("\n", "");

/** The sheet, to stand in a `<style>` element. */
export const STYLE = SHEET;

/** The policy that allows this one sheet and nothing else. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${
  createHash("sha256").update(SHEET).digest("base64")
}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
