/**
 * @module
 * Works of one group run at the same time in one transaction, and what they ask at the same moment goes out
 * as one statement for all (`postgres_set_forms.ts`): a message then costs a fraction of a round trip.
 *
 * That is right because works which run side by side have nothing in common. Each statement says what it is
 * about; a work that touches what another one has is left for the next group, a work that asks anything
 * without such a form is run apart. What leaves a group has written nothing in it, or the group is undone.
 */
import { setImmediate } from "node:timers";
import type pg from "pg";
import { Conflict } from "../transaction.ts";
import { GroupTx } from "./group_commit.ts";
import { PostgresQueries } from "./postgres_connection.ts";
import { SET_FORMS, type SetForm } from "./postgres_set_forms.ts";
import { arrayText, numbered } from "./postgres_statements.ts";
import {
  type Entry,
  mayRunAgain,
  type OpenTransaction,
  type Outcome,
  UnknownOutcome,
} from "./postgres_works.ts";
import type { RawQueries, SqlValue } from "./raw_queries.ts";

/** What became of a group. */
export interface GroupResult {
  /** Committed, or failed by themselves. */
  readonly done: readonly { readonly entry: Entry; readonly outcome: Outcome }[];
  /** To be run in a later group like this one. */
  readonly again: readonly Entry[];
  /** To be run one after the other. */
  readonly apart: readonly Entry[];
}

/** Rejects the statements of a work that leaves the group; nobody outside this module sees it. */
const LEAVES = new Error("this work is run elsewhere");

interface Work {
  readonly entry: Entry;
  /** Why it leaves the group. */
  leaves?: "again" | "apart";
  hasWritten: boolean;
  outcome: Outcome;
  readonly later: Call[];
}

interface Call {
  readonly form: SetForm;
  readonly parameters: readonly SqlValue[];
  readonly work: Work;
  readonly resolve: (rows: readonly Row[]) => void;
  readonly reject: (error: unknown) => void;
}

type Row = Record<string, unknown> & { readonly n: number };

/** One group. */
export class SideBySide {
  readonly #begin: () => Promise<OpenTransaction>;
  readonly #owners = new Map<string, Work>();
  #transaction: Promise<OpenTransaction> | undefined;
  #asked: Call[] = [];
  #broken: unknown;

  /** @param begin opens the transaction; not called when no work needs it */
  constructor(begin: () => Promise<OpenTransaction>) {
    this.#begin = begin;
  }

  /** Runs works up to the commit of those that stay. */
  async run(entries: readonly Entry[]): Promise<GroupResult> {
    const works = entries.map((entry): Work => ({
      entry,
      hasWritten: false,
      outcome: { error: LEAVES },
      later: [],
    }));
    await Promise.all(works.map((work) => this.#start(work)));
    if (this.#broken === undefined && !works.some(isStain)) {
      try {
        await this.#commit(works);
      } catch (error) {
        this.#broken = error;
      }
    } else {
      await this.#rollback();
    }
    return this.#broken !== undefined
      ? afterBreak(works, this.#broken)
      : sorted(works, works.some(isStain));
  }

  #start(work: Work): Promise<void> | void {
    const tx = new GroupTx(this.#facing(work));
    const end = (outcome: Outcome) => {
      tx.end();
      work.outcome = outcome;
    };
    try {
      const value = work.entry.work(tx);
      if (!(value instanceof Promise)) return end({ value, tx });
      return value.then((settled) => end({ value: settled, tx }), (error) => end({ error }));
    } catch (error) {
      end({ error });
    }
  }

  /** The database as a work of this group sees it. */
  #facing(work: Work) {
    const raw: RawQueries = {
      get: async <T>(sql: string, parameters: readonly SqlValue[]) =>
        (await this.#ask(work, sql, parameters))[0] as T | undefined,
      all: async <T>(sql: string, parameters: readonly SqlValue[]) =>
        (await this.#ask(work, sql, parameters)) as unknown as T[],
      run: (sql, parameters) => {
        const form = SET_FORMS.get(sql);
        if (form?.answer !== "later") {
          return this.#ask(work, sql, parameters).then((rows) => rows.length);
        }
        work.later.push({ form, parameters, work, resolve: () => {}, reject: () => {} });
        return 1;
      },
    };
    const elsewhere = { query: () => this.#leave(work, "apart") };
    return {
      raw,
      get kysely() {
        return new PostgresQueries(elsewhere).kysely;
      },
    };
  }

  #ask(work: Work, sql: string, parameters: readonly SqlValue[]): Promise<readonly Row[]> {
    const form = SET_FORMS.get(sql);
    // What a work has put off must be there before it reads anything else.
    if (form === undefined || form.answer === "rows" && work.later.length > 0) {
      return this.#leave(work, "apart");
    }
    if (work.leaves !== undefined) return this.#leave(work, work.leaves);
    const about = form.about?.(parameters);
    if (about !== undefined) {
      const owner = this.#owners.get(about) ?? work;
      if (owner !== work) return this.#leave(work, "again");
      this.#owners.set(about, work);
    }
    return new Promise((resolve, reject) => {
      // Sent once every work has got as far as it can.
      if (this.#asked.length === 0) setImmediate(() => void this.#send());
      this.#asked.push({ form, parameters, work, resolve, reject });
    });
  }

  #leave(work: Work, leaves: "again" | "apart"): Promise<never> {
    if (work.leaves !== "apart") work.leaves = leaves;
    return Promise.reject(LEAVES);
  }

  async #send(): Promise<void> {
    const asked = this.#asked;
    this.#asked = [];
    try {
      const transaction = await (this.#transaction ??= this.#begin());
      await Promise.all(
        grouped(asked).map(async (calls) => {
          const rows = await merged(transaction, calls);
          answer(calls, rows);
        }),
      );
    } catch (error) {
      this.#broken ??= error;
      for (const { reject } of asked) reject(error);
    }
  }

  async #commit(works: readonly Work[]): Promise<void> {
    const later = works.flatMap((work) => isStaying(work) ? work.later : []);
    if (later.length > 0) this.#transaction ??= this.#begin();
    const transaction = await this.#transaction;
    if (transaction === undefined) return;
    // Nothing waits for an answer here: they are on their way together.
    const sent = grouped(later).map((calls) => merged(transaction, calls));
    const [committed] = await Promise.allSettled([transaction.commit(), ...sent]);
    if (committed.status === "rejected") throw committed.reason;
  }

  async #rollback(): Promise<void> {
    const transaction = await this.#transaction?.catch(() => undefined);
    await transaction?.rollback();
  }
}

function isStaying({ leaves, outcome }: Work): boolean {
  return leaves === undefined && "value" in outcome;
}

/** Whether a work has left something in the transaction that must not stay there. */
function isStain(work: Work): boolean {
  return work.hasWritten && !isStaying(work);
}

/** Where each work goes. */
function sorted(works: readonly Work[], undone: boolean): GroupResult {
  const result = { done: [] as { entry: Entry; outcome: Outcome }[], ...nowhere() };
  for (const { entry, leaves, outcome } of works) {
    const failed = "error" in outcome;
    if (leaves !== undefined) result[leaves].push(entry);
    else if (failed && outcome.error instanceof Conflict && mayRunAgain(entry, outcome.error)) {
      result.again.push(entry);
    } else if (undone) result[failed ? "apart" : "again"].push(entry);
    else result.done.push({ entry, outcome });
  }
  return result;
}

/** One work may have broken it for all: alone each finds out for itself. */
function afterBreak(works: readonly Work[], error: unknown): GroupResult {
  const result = { done: [] as { entry: Entry; outcome: Outcome }[], ...nowhere() };
  for (const work of works) {
    const { entry, leaves } = work;
    if (leaves !== undefined) result[leaves].push(entry);
    else if (error instanceof UnknownOutcome) {
      result.done.push({ entry, outcome: isStaying(work) ? { error } : work.outcome });
    } else result[mayRunAgain(entry, error) ? "again" : "apart"].push(entry);
  }
  return result;
}

function nowhere(): { again: Entry[]; apart: Entry[] } {
  return { again: [], apart: [] };
}

/** Calls of the same statement together, each in an order that every server keeps to. */
function grouped(calls: readonly Call[]): Call[][] {
  const groups = [...Map.groupBy(calls, ({ form }) => form).values()];
  // Two servers that lock the same rows then do it in the same order, and not in a ring.
  for (const group of groups) {
    const { about } = group[0]!.form;
    if (about === undefined) continue;
    group.sort((a, b) => about(a.parameters) < about(b.parameters) ? -1 : 1);
  }
  return groups;
}

async function merged(
  transaction: OpenTransaction,
  calls: readonly Call[],
): Promise<readonly Row[]> {
  const { form, parameters } = calls[0]!;
  const values = parameters.map((_, at) => arrayText(calls.map((call) => call.parameters[at]!)));
  const result: pg.QueryResult<Row> = await transaction.query({ ...numbered(form.sql), values });
  return result.rows;
}

function answer(calls: readonly Call[], rows: readonly Row[]): void {
  const answers = calls.map((): Row[] => []);
  for (const row of rows) answers[row.n - 1]!.push(row);
  calls.forEach(({ form, work, resolve }, at) => {
    if (form.answer === "count" && answers[at]!.length > 0) work.hasWritten = true;
    resolve(answers[at]!);
  });
}
