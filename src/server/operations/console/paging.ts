import { ObjectId } from "mongodb";
import { ProblemError } from "#src/contract/problems.ts";
import type { Place } from "../../data/keyset.ts";
import type { Cursor } from "./goal-list.ts";

/** The time that a cursor names. Throws `invalid_request` where it names none. */
export function timeOf(cursor: Cursor): Date {
  const time = new Date(cursor.value);
  if (Number.isNaN(time.getTime())) throw new ProblemError("invalid_request");
  return time;
}

/** The place in a list of documents by time at which a cursor points. Throws `invalid_request`. */
export const placeOf = (cursor: Cursor | null): Place<ObjectId> | null =>
  cursor === null ? null : { at: timeOf(cursor), id: new ObjectId(cursor.id) };

/** Of `limit` and one more, the page; and where the next one begins, if that one more was there. */
export function pageOf<T>(
  found: readonly T[],
  limit: number,
  cursorOf: (last: T) => Cursor,
): { readonly page: readonly T[]; readonly next: Cursor | null } {
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return { page, next: found.length > limit && last !== undefined ? cursorOf(last) : null };
}
