/**
 * `--timeout`, in the same words everywhere.
 *
 * @module
 */
import { Option } from "@commander-js/extra-typings";
import { parseDuration } from "@fleetd/cli/kit";

/** `--timeout <duration>`; the option's value is in ms. */
export function timeoutOption(description: string, fallback: string) {
  return new Option("--timeout <duration>", description)
    .argParser((text: string): number => parseDuration(text))
    .default(parseDuration(fallback), fallback);
}
