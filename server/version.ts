/**
 * @module
 * The version of the server.
 */
import member from "./deno.json" with { type: "json" };

/** Semantic version, "0.1.0". */
export const VERSION: string = member.version;
