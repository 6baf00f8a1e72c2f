/**
 * @module
 * What the routes may use: the features, built once in mod.ts and handed to every handler. Handlers hold
 * nothing of their own, so the table of routes is plain data and can be read without a server.
 */

/** Every feature a route calls. A feature adds itself here and in mod.ts. */
// deno-lint-ignore no-empty-interface
export interface Features {}
