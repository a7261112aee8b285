import fc from "fast-check";
import { expect, test } from "vitest";
import { fromLocalField, fromUnitsField, toLocalField, toUnitsField } from "./local-time.ts";

test("a time goes into its field and out again to the minute", () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date("1990-01-01"), max: new Date("2090-01-01"), noInvalidDate: true }),
      (date) => {
        date.setSeconds(0, 0);
        const back = fromLocalField(toLocalField(date.toISOString()));
        // Where clocks are put back, an hour of the year is told twice.
        expect(toLocalField(back ?? "")).toBe(toLocalField(date.toISOString()));
      },
    ),
  );
});

test("a field that says no time says nothing", () => {
  for (const text of ["", "soon", "2026-13-40T99:99", "2026-11"])
    expect(fromLocalField(text)).toBeUndefined();
});

test("an amount goes into its field and out again to the cent", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 12 }), (minor) => {
      expect(fromUnitsField(toUnitsField(minor))).toBe(minor);
    }),
  );
  expect(fromUnitsField("12,5")).toBe(1_250);
  for (const text of ["", "-1", "1.234", "twelve", "1e5"]) expect(fromUnitsField(text)).toBeUndefined();
});
