import { expect, test } from "vitest";
import { receiptText } from "./receipt-lines.ts";

test("a copied receipt reads by itself: parts, lines, and when it was true", () => {
  const parts = [
    { heading: "Vic invited Ada", lines: [["Money", "$12.00 held"]] },
    {
      heading: "Ledger 1",
      lines: [
        ["Entry", "hold:x:0"],
        ["Amount", "$12.00"],
      ],
    },
  ] as const;
  expect(receiptText("Goalkeeper receipt", parts, "As of now.")).toBe(
    "Goalkeeper receipt\n\nVic invited Ada\nMoney: $12.00 held\n\nLedger 1\nEntry: hold:x:0\nAmount: $12.00\n\nAs of now.",
  );
});
