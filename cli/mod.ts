/**
 * The `fleets` program for whoever starts it otherwise than from a shell (tests, the demo).
 *
 * @module
 */
export type { FleetsContext } from "./context.ts";
export { createFleets } from "./fleets.ts";
export { VERSION } from "./version.ts";
