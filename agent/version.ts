/**
 * The version of the agent.
 *
 * @module
 */
import member from "./deno.json" with { type: "json" };

/** Semantic version, at most 32 bytes. */
export const AGENT_VERSION: string = member.version;
