/**
 * Lint plugin: a relative import never leaves its workspace member (`exports` alone does not stop it).
 *
 * @module
 */
import { normalise, ROOT } from "./paths.ts";
import { roomOf } from "./boundaries.ts";

type Source = { source: Deno.lint.StringLiteral | Deno.lint.Expression | null };

export default {
  name: "fleetd",
  rules: {
    "no-import-across-members": {
      create(context) {
        const check = (node: Source) => {
          const value = (node.source as { value?: unknown } | null)?.value;
          if (typeof value !== "string" || !value.startsWith(".")) return;
          const here = context.filename.slice(ROOT.length);
          const there = normalise(`${here}/../${value}`);
          if (roomOf(here) === roomOf(there)) return;
          const member = roomOf(there) ?? "…";
          context.report({
            node: node.source as Deno.lint.Node,
            message: `a relative import leaves its member: import "@fleetd/${member}" instead`,
          });
        };
        return {
          ImportDeclaration: check,
          ImportExpression: check,
          ExportAllDeclaration: check,
          ExportNamedDeclaration: check,
        };
      },
    },
  },
} satisfies Deno.lint.Plugin;
