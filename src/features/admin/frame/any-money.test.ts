import { expect, test } from "vitest";
import { anyMoney } from "./any-money.ts";

test("money is written by its currency, and what is none as it stands", () => {
  expect(anyMoney("en", 1_200, "USD")).toBe("$12.00");
  expect(anyMoney("en", -1_200, "USD")).toBe("-$12.00");
  expect(anyMoney("en", 5, "")).toBe("5");
  expect(anyMoney("en", 5, "DOLLARS")).toBe("5 DOLLARS");
  expect(anyMoney("en", Number.NaN, "USD")).toBe("NaN USD");
});
