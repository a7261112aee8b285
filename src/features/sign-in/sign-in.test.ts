import { expect, test } from "vitest";
import { failureOf } from "./sign-in.ts";

test.each([
  [200, null],
  [400, "wrong_credentials"],
  [401, "wrong_credentials"],
  [429, "rate_limited"],
  [500, "unavailable"],
  [503, "unavailable"],
])("an answer of %i is told as %s", (status, failure) => {
  expect(failureOf(status)).toBe(failure);
});
