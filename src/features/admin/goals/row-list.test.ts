import fc from "fast-check";
import { expect, test } from "vitest";
import type { Cursor, GoalPage, GoalRow } from "#src/server/operations/console/goal-list.ts";
import { emptyList, layNext, layPage, layRow, pagesOf, type RowList, shownOf } from "./row-list.ts";

const start_ms = Date.parse("2026-01-01T00:00:00Z");

/** A goal by its number: the higher, the newer. Only what the list looks at. */
function goal(number: number, amount = 0): GoalRow {
  const created = new Date(start_ms + number * 1_000).toISOString();
  return { goal_id: String(number).padStart(24, "0"), created, ended: null, amount } as unknown as GoalRow;
}

const size = 4;

/** What the server answers: the goals after a cursor, the newest first. */
function read(numbers: readonly number[], after: Cursor | null): Pick<GoalPage, "goals" | "next"> {
  const rows = numbers.toSorted((a, b) => b - a).map((number) => goal(number));
  const rest = after === null ? rows : rows.filter(({ goal_id }) => goal_id < after.id);
  const goals = rest.slice(0, size);
  const last = goals.at(-1);
  return {
    goals,
    next: rest.length > size && last !== undefined ? { value: last.created, id: last.goal_id } : null,
  };
}

const head = (list: RowList, numbers: readonly number[], hold = false) =>
  layPage(list, "created", null, read(numbers, null), hold);

function more(list: RowList, numbers: readonly number[]): RowList {
  return list.next === null ? list : layNext(list, "created", list.next, read(numbers, list.next));
}

const numbersOf = (rows: readonly GoalRow[]) => rows.map(({ goal_id }) => Number(goal_id));
const upTo = (count: number) => Array.from({ length: count }, (_, number) => number);

test("reading on to the end shows every goal once, in order, whatever comes in between", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(200), { maxLength: 30 }),
      fc.array(fc.oneof(fc.constant("more" as const), fc.integer({ min: 1, max: 9 })), { maxLength: 20 }),
      (numbers, steps) => {
        const known = [...numbers];
        let list = head(emptyList, known);
        for (const step of steps) {
          if (step === "more") list = more(list, known);
          else {
            for (let count = 0; count < step; count += 1) known.push(201 + known.length);
            list = head(list, known);
          }
        }
        while (list.next !== null) list = more(list, known);
        expect(numbersOf(list.rows)).toEqual(known.toSorted((a, b) => b - a));
        expect(list.left.size).toBe(0);
      },
    ),
  );
});

test("new goals wait while somebody reads further down, and are there when asked for", () => {
  const list = head(head(emptyList, upTo(6)), upTo(8), true);
  expect(shownOf(list, "created").waiting).toBe(2);
  expect(numbersOf(shownOf(list, "created").rows)[0]).toBe(5);
  const later = head(list, upTo(9), true);
  expect(shownOf(later, "created").waiting).toBe(3);
  expect(shownOf({ ...later, top: null }, "created")).toMatchObject({ waiting: 0 });
  // At the top of the page they come by themselves.
  expect(shownOf(head(list, upTo(9)), "created").waiting).toBe(0);
});

test("more new goals than one answer holds are never put together with the old as if nothing were between", () => {
  const list = head(emptyList, upTo(3));
  const held = head(list, upTo(20), true);
  expect(numbersOf(shownOf(held, "created").rows)).toEqual([2, 1, 0]);
  expect(held.gap).toBe(true);
  expect(numbersOf(head(held, upTo(20)).rows)).toEqual([19, 18, 17, 16]);
  expect(head(held, upTo(20)).gap).toBe(false);
});

test("a goal that the filter no longer matches stays where it is, and is marked", () => {
  const list = more(head(emptyList, upTo(10)), upTo(10));
  const without = upTo(10).filter((number) => number !== 8);
  const after = head(list, without);
  expect(numbersOf(after.rows)).toEqual(numbersOf(list.rows));
  expect([...after.left]).toEqual([goal(8).goal_id]);
  // What lies below the answer is not judged by it.
  expect(head(list, [9, 8, 7, 6, 5]).left.size).toBe(0);
  expect(head(after, upTo(10)).left.size).toBe(0);
});

test("what a later page no longer names has left, and only there", () => {
  const list = more(head(emptyList, upTo(8)), upTo(8));
  const [start] = list.starts;
  if (start === undefined) throw new Error("there is a second page");
  const answer = read([7, 6, 5, 4, 3, 1, 0], start.cursor);
  expect([...layPage(list, "created", start, answer, false).left]).toEqual([goal(2).goal_id]);
});

test("goals are found in the page that they were read with", () => {
  let list = more(head(emptyList, upTo(12)), upTo(12));
  list = more(list, upTo(12));
  const ids = (...numbers: number[]) => new Set(numbers.map((number) => goal(number).goal_id));
  expect([...pagesOf(list, "created", ids(11))]).toEqual([null]);
  expect([...pagesOf(list, "created", ids(7, 4))]).toEqual([list.starts[0]]);
  expect([...pagesOf(list, "created", ids(0, 8))]).toEqual([null, list.starts[1]]);
  expect([...pagesOf(list, "created", ids(99))]).toEqual([]);
});

test("one goal is read over itself, or goes when there is none", () => {
  const list = head(emptyList, upTo(3));
  const now = goal(1, 500);
  expect(layRow(list, now.goal_id, now).rows[1]).toBe(now);
  expect(numbersOf(layRow(list, now.goal_id, null).rows)).toEqual([2, 0]);
});
