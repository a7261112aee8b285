import { effectIds } from "#src/contract/console.ts";

/** The matrix's columns: the goal itself, its thirteen effects, and what can be done with the row. */
export const goalColumn = 0;
export const actionColumn = effectIds.length + 1;

/** A place in the matrix: a goal's row by its id, or the head; and a column. */
export interface Spot {
  readonly row: string | null;
  readonly column: number;
}

const page = 10;

/** The rows from top to bottom as the keyboard goes through them: the head, and then the goals. */
export type GridRows = readonly (string | null)[];

/**
 * Where a key leads from a place, as grids have it: arrows by one, Home and End within the row, with Ctrl to the corners,
 * PageUp and PageDown by ten. Null: not such a key. In the head only the effects have something to press.
 */
export function moveInGrid(spot: Spot, key: string, withCtrl: boolean, rows: GridRows): Spot | null {
  const place = Math.max(0, rows.indexOf(spot.row));
  const to = (nextPlace: number, column: number): Spot => {
    const row = rows[Math.min(Math.max(nextPlace, 0), rows.length - 1)] ?? null;
    const [first, last] = row === null ? [1, effectIds.length] : [goalColumn, actionColumn];
    return { row, column: Math.min(Math.max(column, first), last) };
  };
  switch (key) {
    case "ArrowDown":
      return to(place + 1, spot.column);
    case "ArrowUp":
      return to(place - 1, spot.column);
    case "ArrowRight":
      return to(place, spot.column + 1);
    case "ArrowLeft":
      return to(place, spot.column - 1);
    case "Home":
      return to(withCtrl ? 0 : place, goalColumn);
    case "End":
      return to(withCtrl ? rows.length - 1 : place, actionColumn);
    case "PageDown":
      return to(place + page, spot.column);
    case "PageUp":
      return to(place - page, spot.column);
    default:
      return null;
  }
}

/** Where the keyboard enters, or goes on when the row it was on is no longer there. */
export const spotWithin = (spot: Spot, rows: GridRows): Spot =>
  rows.includes(spot.row) ? spot : { row: rows[1] ?? null, column: rows.length > 1 ? spot.column : 1 };
