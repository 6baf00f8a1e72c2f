/**
 * The small words in which the machine says what to do. Pure.
 *
 * @module
 */
import type { AgentEvent, AgentState, Effect, LogLevel, Step } from "../agent_state.ts";

export function log(
  level: LogLevel,
  message: string,
  fields: Readonly<Record<string, string | number | boolean>> = {},
): Effect {
  return { kind: "log", level, message, fields };
}

/** A failure is worth a warning at first and then ever more rarely. */
export function failure(
  message: string,
  failures: number,
  fields: Readonly<Record<string, string | number>>,
): Effect {
  return log((failures & (failures - 1)) === 0 ? "warn" : "debug", message, fields);
}

export function wake(afterMs: number): Effect {
  return { kind: "wake", afterMs };
}

export function before(next: Step, ...effects: readonly Effect[]): Step {
  return { state: next.state, effects: [...effects, ...next.effects] };
}

/** Nothing changes. */
export function stay(state: AgentState): Step {
  return { state, effects: [] };
}

/** Nothing changes, and the log says so. */
export function unexpected(state: AgentState, event: AgentEvent): Step {
  const fields = { event: event.kind, state: state.name };
  return { state, effects: [log("debug", "Ignored an event that nothing asked for", fields)] };
}
