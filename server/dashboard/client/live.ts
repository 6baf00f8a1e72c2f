/**
 * @module
 * Keeps the page live, and says when it is not.
 */
import { spanText } from "../shared/format.ts";
import { onSignedOut } from "./api.ts";
import { el, first } from "./dom.ts";
import { type FeedEvent, type FeedState, followFeed } from "./feed.ts";
import { refreshSoon } from "./refresh.ts";

/** After this long without a connection the page says so where nobody can overlook it. */
const SAY_LOST_AFTER_MS = 4_000;

const listeners = new Set<(event: FeedEvent) => void>();
let state: FeedState = { kind: "connecting" };

/** Calls back for every event of the feed. */
export function onFeedEvent(listener: (event: FeedEvent) => void): void {
  listeners.add(listener);
}

/**
 * Follows the feed as `<main data-live>` asks: kinds of events that change this page, the one device it is about
 * (`data-handle`), and how often it is looked at anyway (`data-every`, s).
 */
export function keepLive(main: HTMLElement): void {
  const kinds = new Set((main.dataset.live ?? "").split(" "));
  const { handle, every } = main.dataset;
  onSignedOut(saySessionOver);
  if (every !== undefined) setInterval(refreshSoon, Number(every) * 1_000);
  setInterval(showState, 1_000);
  const query = handle === undefined ? "" : `?telemetry=true&handle=${handle}`;
  void followFeed(`/api/v1/events/stream${query}`, {
    event(event) {
      for (const listener of listeners) listener(event);
      if (kinds.has(event.kind) && (handle === undefined || event.handle === handle)) refreshSoon();
    },
    missed: refreshSoon,
    state(next) {
      if (state.kind === "resting" || state.kind === "lost") refreshSoon();
      state = next;
      showState();
    },
  });
}

function showState(): void {
  const sign = first("#live");
  if (sign === undefined) return;
  const lostMs = state.kind === "lost" ? performance.now() - state.sinceMs : 0;
  const [tone, text] = state.kind === "live"
    ? ["good", "Live"]
    : state.kind === "lost"
    ? ["warn", "Not live"]
    : state.kind === "over"
    ? ["bad", "Signed out"]
    : ["idle", "Connecting"];
  if (sign.textContent !== text) sign.textContent = text;
  sign.className = `live ${tone}`;
  const note = first("#not-live");
  if (note === undefined) return;
  const shown = lostMs > SAY_LOST_AFTER_MS;
  if (note.hidden === shown) note.hidden = !shown;
  const since = first("[data-since]", note);
  if (shown && since !== undefined) since.textContent = spanText(lostMs);
}

function saySessionOver(): void {
  const dialog = first<HTMLDialogElement>("#signed-out");
  const link = first<HTMLAnchorElement>("#signed-out a");
  if (dialog === undefined || dialog.open) return;
  link?.setAttribute(
    "href",
    `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`,
  );
  dialog.showModal();
}

/** A short message at the edge of the page, read out by screen readers; it goes by itself. */
export function toast(text: string, tone: "good" | "bad" | "info" = "good"): void {
  const made = el("div", { class: `toast ${tone}` }, el("span", {}, text));
  first("#toasts")?.append(made);
  setTimeout(() => made.remove(), tone === "bad" ? 12_000 : 5_000);
}
