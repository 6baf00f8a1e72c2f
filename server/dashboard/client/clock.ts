/**
 * @module
 * The server's time as this page knows it: the viewer's own clock may be wrong, and ages are counted by the
 * server's.
 */
const loadedAtMs = performance.now();
const serverMs = Number(document.documentElement.dataset.now ?? Date.now());

/** Unix ms by the server's clock. */
export function nowMs(): number {
  return serverMs + performance.now() - loadedAtMs;
}
