import fc from "fast-check";
import { expect, test } from "vitest";
import { actionColumn, goalColumn, moveInGrid, spotWithin } from "./grid.ts";

const rows = [null, "a", "b", "c"];
const keys = ["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown"];

test("no key leads out of the matrix", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...keys), fc.boolean()), { maxLength: 60 }), (pressed) => {
      let spot = spotWithin({ row: "a", column: 1 }, rows);
      for (const [key, ctrl] of pressed) spot = moveInGrid(spot, key, ctrl, rows) ?? spot;
      expect(rows).toContain(spot.row);
      expect(spot.column).toBeGreaterThanOrEqual(spot.row === null ? 1 : goalColumn);
      expect(spot.column).toBeLessThanOrEqual(spot.row === null ? actionColumn - 1 : actionColumn);
    }),
  );
});

test("arrows go by one, Home and End within the row, with Ctrl to the corners", () => {
  expect(moveInGrid({ row: "a", column: 3 }, "ArrowDown", false, rows)).toEqual({ row: "b", column: 3 });
  expect(moveInGrid({ row: "a", column: 3 }, "ArrowUp", false, rows)).toEqual({ row: null, column: 3 });
  expect(moveInGrid({ row: "b", column: 3 }, "End", false, rows)).toEqual({ row: "b", column: actionColumn });
  expect(moveInGrid({ row: "b", column: 3 }, "Home", false, rows)).toEqual({ row: "b", column: goalColumn });
  expect(moveInGrid({ row: "b", column: 3 }, "Home", true, rows)).toEqual({ row: null, column: 1 });
  expect(moveInGrid({ row: "a", column: 3 }, "End", true, rows)).toEqual({ row: "c", column: actionColumn });
  expect(moveInGrid({ row: "a", column: 3 }, "x", false, rows)).toBeNull();
});

test("when its row goes, the keyboard comes back at the first", () => {
  expect(spotWithin({ row: "gone", column: 5 }, rows)).toEqual({ row: "a", column: 5 });
  expect(spotWithin({ row: "gone", column: 5 }, [null])).toEqual({ row: null, column: 1 });
});
