/**
 * @module
 * What could not be shown, and where to go from there.
 */
import type { Problem } from "../../http/problem.ts";
import { EmptyState } from "../components/basics.tsx";

/** The content of a page that cannot be shown. */
export function ProblemPage({ problem }: { problem: Problem }) {
  return (
    <div class="card">
      <EmptyState title={sentence(problem.title)}>
        <p>{problem.detail}</p>
        <p class="small">
          Request <code>{problem.requestId}</code>, code <code>{problem.code}</code>
        </p>
        <p>
          <a class="button" href="/">Go to the overview</a>
        </p>
      </EmptyState>
    </div>
  );
}

function sentence(title: string): string {
  return title.charAt(0).toUpperCase() + title.slice(1);
}
