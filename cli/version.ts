/**
 * The version of these programs.
 *
 * @module
 */
import member from "./deno.json" with { type: "json" };

/** Semantic version, "0.1.0". */
export const VERSION: string = member.version;
