/**
 * Ctrl-C as the normal end of a command that runs until it is told to stop.
 *
 * @module
 */
import process from "node:process";

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process as the system does. */
export function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      process.off("SIGINT", stop);
      process.off("SIGTERM", stop);
      resolve();
    };
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
  });
}

/** Runs `work` with a signal that fires at SIGINT or SIGTERM; that end is a success. */
export async function untilInterrupted(
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const controller = new AbortController();
  void interrupted().then(() => controller.abort());
  try {
    await work(controller.signal);
  } catch (error) {
    if (!controller.signal.aborted) throw error;
  } finally {
    controller.abort();
  }
}
