/**
 * @module
 * Times: ages go on, and the exact moment in the viewer's own zone is shown on hover and to screen readers.
 */
import { agoText, untilText } from "../shared/format.ts";
import { nowMs } from "./clock.ts";
import { all } from "./dom.ts";

const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });
const SHORT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const EVERY_MS = 5_000;

/** Writes every time of the page anew. */
export function showTimes(inside: ParentNode = document): void {
  const now = nowMs();
  for (const time of all<HTMLTimeElement>("time[datetime]", inside)) {
    const at = new Date(time.dateTime);
    const exact = EXACT.format(at);
    if (time.title !== exact) time.title = exact;
    const text = time.dataset.kind === "exact"
      ? SHORT.format(at)
      : time.dataset.kind === "until"
      ? untilText(at.getTime(), now)
      : agoText(at.getTime(), now);
    if (time.textContent !== text) time.textContent = text;
  }
}

/** Keeps the page's times going. */
export function keepTimes(): void {
  showTimes();
  setInterval(() => {
    if (!document.hidden) showTimes();
  }, EVERY_MS);
}
