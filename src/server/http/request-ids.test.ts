import { expect, test } from "vitest";
import { requestIdOf, traceParentOf } from "./request-ids.ts";

const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
const span = "00f067aa0ba902b7";

test.each([
  ["abc-1.2:3/4+5=", true],
  ["", false],
  ["a b", false],
  ['"quoted"', false],
  ["x".repeat(129), false],
])("a proxy's request id is taken as far as it may be written down: %s", (id, taken) => {
  expect(requestIdOf(new Headers({ "x-request-id": id }))).toBe(taken ? id : null);
});

test.each([
  [`00-${trace}-${span}-01`, true],
  [`01-${trace}-${span}-01-later`, true],
  [`ff-${trace}-${span}-01`, false],
  [`00-${"0".repeat(32)}-${span}-01`, false],
  [`00-${trace}-${"0".repeat(16)}-01`, false],
  [`00-${trace.toUpperCase()}-${span}-01`, false],
  ["nonsense", false],
])("a caller's span is linked to when it can be one: %s", (traceparent, taken) => {
  const found = traceParentOf(new Headers({ traceparent }));
  expect(found).toEqual(taken ? { traceId: trace, spanId: span } : null);
});

test("a request that says neither has neither", () => {
  expect([requestIdOf(new Headers()), traceParentOf(new Headers())]).toEqual([null, null]);
});
