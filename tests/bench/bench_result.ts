/**
 * What every bench reports: ratios against a yardstick measured in the same run, never bare times.
 *
 * @module
 */

/** One comparison. */
export interface BenchRow {
  /** What is compared with what. */
  what: string;
  /** Ours divided by the yardstick's; the median over the rounds. */
  ratio: number;
  /** Largest ratio that is good enough. */
  goal: number;
  /** Smallest and largest ratio of a round. */
  spread: [number, number];
  /** What was measured, such as `ns` or `bytes`. */
  unit: string;
}

/** One bench. */
export interface BenchResult {
  name: string;
  rows: BenchRow[];
}
