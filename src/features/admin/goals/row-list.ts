import type { GoalSort } from "#src/contract/console.ts";
import type { Cursor, GoalPage, GoalRow } from "#src/server/operations/console/goal-list.ts";

/** A place in the list: what it is ordered by, downwards, and then the goal's id. */
interface Place {
  readonly value: number;
  readonly id: string;
}

/** Where a page begins: after this cursor, whose place is known. */
export interface PageStart {
  readonly cursor: Cursor;
  readonly place: Place;
}

/**
 * The goals that a page has read so far, in order. New readings are laid over it, range by range: nothing that is being
 * read moves but for a reason.
 */
export interface RowList {
  readonly rows: readonly GoalRow[];
  /** Goals that the filter no longer matches; they stay, so that one sees what became of them. */
  readonly left: ReadonlySet<string>;
  /** Where the second page begins, the third, and so on. */
  readonly starts: readonly PageStart[];
  /** After what to read on; null where that is all. */
  readonly next: Cursor | null;
  /** What comes before this place is new, and waits until it is asked for; null: nothing waits. */
  readonly top: Place | null;
  /** So many new ones wait that between them and what is known some may be missing. */
  readonly gap: boolean;
}

export const emptyList: RowList = {
  rows: [],
  left: new Set(),
  starts: [],
  next: null,
  top: null,
  gap: false,
};

/** What a goal is ordered by; one that ended without anybody's doing, by when it expired. */
function placeOf(row: GoalRow, sort: GoalSort): Place {
  switch (sort) {
    case "amount":
      return { value: row.amount, id: row.goal_id };
    case "ended":
      return { value: Date.parse(row.ended ?? row.exp), id: row.goal_id };
    case "created":
      return { value: Date.parse(row.created), id: row.goal_id };
  }
}

/** Below zero where `a` comes first. */
function comparePlaces(a: Place, b: Place): number {
  if (a.value !== b.value) return b.value - a.value;
  return a.id === b.id ? 0 : a.id > b.id ? -1 : 1;
}

/**
 * Lays an answer over the list. It speaks for the goals from `start` (null: the top) to its own last one, or to the
 * very end: those of them that it does not name have left the filter. `hold`: goals above all that is known wait.
 */
export function layPage(
  list: RowList,
  sort: GoalSort,
  start: PageStart | null,
  page: Pick<GoalPage, "goals" | "next">,
  hold: boolean,
): RowList {
  const last = page.goals.at(-1);
  const end = page.next === null || last === undefined ? null : placeOf(last, sort);
  const named = new Set(page.goals.map(({ goal_id }) => goal_id));
  if (start === null && end !== null && isAbove(end, list, sort)) {
    // More have come than one answer holds: one does not know what lies between them and what is shown.
    return hold ? { ...list, gap: true } : layPage(emptyList, sort, null, page, false);
  }
  const others = list.rows.filter(({ goal_id }) => !named.has(goal_id));
  const missing = others.filter((row) => {
    const place = placeOf(row, sort);
    const begun = start === null || comparePlaces(place, start.place) > 0;
    return begun && (end === null || comparePlaces(place, end) <= 0);
  });
  const rows = [...others, ...page.goals].toSorted((a, b) =>
    comparePlaces(placeOf(a, sort), placeOf(b, sort)),
  );
  const left = new Set(
    [...list.left, ...missing.map(({ goal_id }) => goal_id)].filter((id) => !named.has(id)),
  );
  const first = rows[0] === undefined ? null : placeOf(rows[0], sort);
  const top =
    start !== null ? list.top : hold && list.rows.length > 0 ? (list.top ?? firstOf(list, sort)) : null;
  return {
    rows,
    left,
    starts: list.starts,
    next: nextOf(list, sort, start, page, end),
    // Where nothing is above the mark, nothing waits.
    top: top !== null && first !== null && comparePlaces(first, top) < 0 ? top : null,
    gap: start === null ? false : list.gap,
  };
}

function isAbove(end: Place, list: RowList, sort: GoalSort): boolean {
  const first = firstOf(list, sort);
  return first !== null && comparePlaces(end, first) < 0;
}

/** After what to read on: only the answer to the last page knows, and it may reach less far than what is known. */
function nextOf(
  list: RowList,
  sort: GoalSort,
  start: PageStart | null,
  page: Pick<GoalPage, "next">,
  end: Place | null,
): Cursor | null {
  if (list.rows.length === 0) return page.next;
  if (start?.cursor.id !== list.starts.at(-1)?.cursor.id) return list.next;
  if (page.next === null || list.next === null) return page.next;
  const known = list.rows.findLast(({ goal_id }) => goal_id === list.next?.id);
  const reached = known === undefined ? null : placeOf(known, sort);
  return reached !== null && end !== null && comparePlaces(end, reached) < 0 ? list.next : page.next;
}

const firstOf = (list: RowList, sort: GoalSort): Place | null =>
  list.rows[0] === undefined ? null : placeOf(list.rows[0], sort);

/** Lays the page that comes after all others below them. */
export function layNext(
  list: RowList,
  sort: GoalSort,
  cursor: Cursor,
  page: Pick<GoalPage, "goals" | "next">,
): RowList {
  const before = list.rows.findLast(({ goal_id }) => goal_id === cursor.id) ?? list.rows.at(-1);
  if (before === undefined) return layPage(list, sort, null, page, false);
  const start = { cursor, place: placeOf(before, sort) };
  return layPage({ ...list, starts: [...list.starts, start] }, sort, start, page, false);
}

/** Lays one goal over itself, as it is now; null: there is no such goal any more. */
export function layRow(list: RowList, goalId: string, now: GoalRow | null): RowList {
  const rows = list.rows.flatMap((row) => (row.goal_id === goalId ? (now === null ? [] : [now]) : [row]));
  return { ...list, rows };
}

/** The goals to show, and how many new ones wait above them (`gap`: more than that). */
export function shownOf(
  list: RowList,
  sort: GoalSort,
): { readonly rows: readonly GoalRow[]; readonly waiting: number } {
  const { top } = list;
  if (top === null) return { rows: list.rows, waiting: 0 };
  const rows = list.rows.filter((row) => comparePlaces(placeOf(row, sort), top) >= 0);
  return { rows, waiting: list.rows.length - rows.length };
}

/** Where the pages begin that hold these goals; null is the first one. */
export function pagesOf(
  list: RowList,
  sort: GoalSort,
  goalIds: ReadonlySet<string>,
): ReadonlySet<PageStart | null> {
  const found = new Set<PageStart | null>();
  for (const row of list.rows) {
    if (!goalIds.has(row.goal_id)) continue;
    const place = placeOf(row, sort);
    found.add(list.starts.findLast((start) => comparePlaces(place, start.place) > 0) ?? null);
  }
  return found;
}
