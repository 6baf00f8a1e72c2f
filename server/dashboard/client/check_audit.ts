/**
 * @module
 * Proves the audit log whole, and says what was proved.
 */
import { Problem, request } from "./api.ts";
import { first, on } from "./dom.ts";
import { busy } from "./forms.ts";

interface Check {
  readonly entries: number;
  readonly brokenAtId: number | null;
  readonly head: string;
}

/** Makes the button check. */
export function checkButton(): void {
  on("click", "[data-check-audit]", async (button) => {
    const free = busy(button as HTMLButtonElement);
    const out = first("#audit-check");
    try {
      const { entries, brokenAtId, head } = await request<Check>("GET", "/api/v1/audit/check");
      say(
        out,
        brokenAtId === null ? "good" : "bad",
        brokenAtId === null
          ? `The chain of ${entries} entries holds. Newest hash, to keep elsewhere: ${head}`
          : `The chain breaks at entry ${brokenAtId}: it, or the one before it, was altered.`,
      );
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      say(out, "bad", error.message);
    } finally {
      free();
    }
  });
}

function say(out: HTMLElement | undefined, tone: string, text: string): void {
  if (out === undefined) return;
  out.className = `note ${tone} wrap`;
  out.textContent = text;
  out.hidden = false;
}
