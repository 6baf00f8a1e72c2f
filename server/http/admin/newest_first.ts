/**
 * @module
 * Cursors of lists that go from the newest row to the oldest.
 */
import { DomainError } from "../../errors.ts";

/** The id that the page's rows are older than; undefined = from the newest. @throws DomainError `request.invalid` */
export function idBefore(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  const id = /^b1:(\d{1,15})$/.exec(Buffer.from(cursor, "base64url").toString("latin1"))?.[1];
  if (id !== undefined) return Number(id);
  throw new DomainError(
    "request.invalid",
    "Cannot go on with the list: the cursor is not one this server gave; start without it",
  );
}

/** The cursor after `limit` of the rows; null when there are no more. */
export function beforeCursor(
  rows: readonly { readonly id: number }[],
  limit: number,
): string | null {
  return rows.length > limit
    ? Buffer.from(`b1:${rows[limit - 1]!.id}`).toString("base64url")
    : null;
}
