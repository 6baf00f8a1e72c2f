/**
 * @module
 * Brings the page up to date: asks the server for the same page again and changes the regions that differ. The
 * answer is parsed by the browser as it arrives (a document of XMLHttpRequest), never from a string.
 */
import { saySignedOut } from "./api.ts";
import { all } from "./dom.ts";
import { morph } from "./morph.ts";
import { showTimes } from "./times.ts";

/** Between two refreshes passes at least this, ms, and this many times what the last one took: a slow server gets room. */
const SHORTEST_PAUSE_MS = 1_000;
const PAUSE_FACTOR = 10;

const afterwards = new Set<() => void>();
let running: Promise<void> | undefined;
let again = false;
let notBefore = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Calls back after every refresh. */
export function onRefreshed(listener: () => void): void {
  afterwards.add(listener);
}

/** Refreshes soon: at once when the last time is long enough ago. Many calls become one. */
export function refreshSoon(): void {
  if (timer !== undefined || document.hidden) return;
  timer = setTimeout(() => {
    timer = undefined;
    void refresh();
  }, Math.max(0, notBefore - performance.now()));
}

/** Refreshes now; resolves when the page shows the server's state of after the call. */
export async function refresh(): Promise<void> {
  if (running !== undefined) {
    again = true;
    await running;
    if (!again) return;
  }
  again = false;
  const startedMs = performance.now();
  running = load(location.href).then(show, () => {});
  await running;
  running = undefined;
  const tookMs = performance.now() - startedMs;
  notBefore = performance.now() + Math.max(SHORTEST_PAUSE_MS, PAUSE_FACTOR * tookMs);
}

/** Shows another address of the same page without leaving it. */
export async function goTo(url: URL): Promise<void> {
  history.replaceState(null, "", url);
  await refresh();
}

function load(url: string): Promise<Document> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", url);
    request.responseType = "document";
    request.onload = () => {
      if (new URL(request.responseURL).pathname === "/sign-in") {
        saySignedOut();
        reject(new Error("signed out"));
      } else if (request.status !== 200 || request.response === null) {
        reject(new Error(`status ${request.status}`));
      } else resolve(request.response);
    };
    request.onerror = () => reject(new Error("no answer"));
    request.send();
  });
}

function show(wanted: Document): void {
  const regions = new Map(all("[data-region]").map((region) => [region.dataset.region, region]));
  for (const next of all("[data-region]", wanted)) {
    const live = regions.get(next.dataset.region);
    if (live === undefined) continue;
    showTimes(next);
    morph(live, next);
  }
  if (document.title !== wanted.title) document.title = wanted.title;
  for (const listener of afterwards) listener();
}
