/**
 * @module
 * What a browser is shown when a page cannot be: the problem in its own words, with a status, on a page by itself.
 */
import { problemReply } from "../http/problem.ts";
import type { Problem, ProblemPlace } from "../http/problem.ts";
import type { Reply } from "../http/route_table.ts";
import { Document, PAGE_POLICY } from "./layout.tsx";
import { ProblemPage } from "./pages/problem_page.tsx";

/** A problem as a page; status and headers as a program would get them. */
export function pageProblemReply(error: unknown, place: ProblemPlace): Reply {
  const reply = problemReply(error, place);
  const problem: Problem = JSON.parse(String(reply.body));
  const document = (
    <Document title={problem.title} fleet="FleetD" nowMs={Date.now()} theme={null}>
      <main class="centre" id="main" tabindex={-1}>
        <ProblemPage problem={problem} />
      </main>
    </Document>
  );
  return {
    status: reply.status,
    type: "text/html; charset=utf-8",
    headers: { ...reply.headers, "content-security-policy": PAGE_POLICY },
    body: `<!doctype html>${String(document)}`,
  };
}
