/**
 * Runs the state machine: one event after the other, each step saved before anything of it is done.
 *
 * When the disk does not take a state, nothing more happens until it does: samples go on in memory meanwhile. An effect
 * that fails is the effect runner's to report as an event.
 *
 * @module
 */
import type { AgentState, Directions, Effect, Happening } from "../agent_state.ts";
import type { Log } from "../log.ts";
import { type Clock, DiskError, type Random } from "../ports.ts";
import type { SavedFile } from "../storage/saved_file.ts";
import { backOffMs } from "./back_off.ts";
import { step } from "./step.ts";

/** Longest wait for a disk that takes nothing. */
const DISK_RETRY_MS = 30_000;

/** What the machine needs. */
export interface MachineParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly file: SavedFile<AgentState>;
  /** What the owner has said by now. */
  readonly directions: () => Directions;
  /** Begins an effect; must not wait for its outcome, which comes back as an event. */
  readonly perform: (effect: Effect, state: AgentState) => void;
  /** Called after each step. */
  readonly onStep: (state: AgentState) => void;
}

/** The machine of one agent. */
export class Machine {
  state: AgentState;
  private readonly queue: Happening[] = [];
  private wakeUp: () => void = () => {};

  constructor(private readonly parts: MachineParts) {
    this.state = parts.file.value ?? { name: "unenrolled" };
  }

  /** Puts an event into the queue. */
  post(happening: Happening): void {
    this.queue.push(happening);
    this.wakeUp();
  }

  /** Takes events until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const stopped = new Promise<void>((resolve) =>
      signal.addEventListener("abort", () => resolve(), { once: true })
    );
    while (!signal.aborted) {
      const happening = this.queue.shift();
      if (happening !== undefined) await this.move(happening, signal);
      else await Promise.race([stopped, new Promise<void>((resolve) => this.wakeUp = resolve)]);
    }
  }

  private async move(happening: Happening, signal: AbortSignal): Promise<void> {
    const { clock, random, directions, perform, onStep } = this.parts;
    const occasion = {
      nowMs: clock.monotonicMs(),
      jitter: random.ratio(),
      directions: directions(),
    };
    const next = step(this.state, { ...happening, ...occasion });
    await this.save(next.state, signal);
    if (signal.aborted) return;
    this.state = next.state;
    onStep(next.state);
    for (const effect of next.effects) perform(effect, next.state);
  }

  private async save(state: AgentState, signal: AbortSignal): Promise<void> {
    const { file, log, clock, random } = this.parts;
    for (let failures = 1; !signal.aborted; failures++) {
      try {
        return await file.save(state);
      } catch (error) {
        if (!(error instanceof DiskError)) throw error;
        const retryInMs = backOffMs({ failures, jitter: random.ratio(), capMs: DISK_RETRY_MS });
        log.error("Cannot save the agent's state, so it waits", { why: error.message, retryInMs });
        await clock.sleep(retryInMs, signal);
      }
    }
  }
}
