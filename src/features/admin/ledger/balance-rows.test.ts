import { expect, test } from "vitest";
import { balanceRows } from "./balance-rows.ts";

test("each currency is added up by itself, and a kind without money in it has nothing", () => {
  expect(
    balanceRows({
      viewers: [
        { currency: "USD", amount: -3_000 },
        { currency: "TWD", amount: -500 },
      ],
      escrows: [{ currency: "USD", amount: 1_000 }],
      streamers: [
        { currency: "USD", amount: 2_000 },
        { currency: "TWD", amount: 499 },
      ],
    }),
  ).toEqual([
    { currency: "TWD", viewers: -500, escrows: 0, streamers: 499, sum: -1 },
    { currency: "USD", viewers: -3_000, escrows: 1_000, streamers: 2_000, sum: 0 },
  ]);
});
