/**
 * Ctrl-C as the normal end of a command that runs until it is told to stop.
 *
 * @module
 */
import process from "node:process";

/** Runs `work` with a signal that fires at SIGINT or SIGTERM; that end is a success. */
export async function untilInterrupted(
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  try {
    await work(controller.signal);
  } catch (error) {
    if (!controller.signal.aborted) throw error;
  } finally {
    controller.abort();
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}
