import fc from "fast-check";
import { expect, test } from "vitest";
import { diff } from "./diff.ts";

test("a diff names each field that has changed by its path, and those that have not after them", () => {
  expect(diff({ role: "viewer", name: "Vic" }, { role: "moderator", name: "Vic" })).toEqual([
    { path: "role", before: "viewer", after: "moderator", changed: true },
    { path: "name", before: "Vic", after: "Vic", changed: false },
  ]);
});

test("what only one side tells of is seen as such", () => {
  expect(diff(null, { hold: { by: "root" } })).toEqual([
    { path: "hold.by", before: undefined, after: "root", changed: true },
  ]);
  expect(diff({ hold: null }, undefined)).toEqual([
    { path: "hold", before: null, after: undefined, changed: true },
  ]);
});

test("a list of ids is one value, a list of things is many", () => {
  expect(diff({ ids: ["a", "b"] }, { runs: [{ id: "a" }] }).map(({ path }) => path)).toEqual([
    "ids",
    "runs.0.id",
  ]);
});

test("a state has no differences from itself, whatever it is", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (state) => {
      expect(diff(state, structuredClone(state)).filter(({ changed }) => changed)).toEqual([]);
    }),
  );
});
