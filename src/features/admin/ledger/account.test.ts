import { describe, expect, test } from "vitest";
import { goalOfEscrow, readAccount, readSearch, transfersHref } from "./account.ts";

const id = "0123456789abcdef01234567";

describe("an account's name", () => {
  test("says whose it is", () => {
    expect(readAccount(`viewer:${id}`)).toEqual({ kind: "viewer", id });
    expect(readAccount(`escrow:trigger_exclusive:${id}`)).toEqual({
      kind: "escrow",
      escrowId: `trigger_exclusive:${id}`,
    });
    expect(readAccount("house")).toEqual({ kind: "other" });
  });

  test("leads to its transfers, an escrow's by the escrow", () => {
    expect(transfersHref(`viewer:${id}`)).toBe(`/admin/ledger?view=transfers&account=viewer%3A${id}`);
    expect(transfersHref(`escrow:trigger_exclusive:${id}`)).toBe(
      `/admin/ledger?view=transfers&escrow=trigger_exclusive%3A${id}`,
    );
  });
});

test("an escrow of this kind names its goal", () => {
  expect(goalOfEscrow(`trigger_exclusive:${id}`)).toBe(id);
  expect(goalOfEscrow(`show:${id}`)).toBeNull();
});

test.each([
  ["", null],
  [` ${id.toUpperCase()} `, { escrow: `trigger_exclusive:${id}` }],
  [`viewer:${id}`, { account: `viewer:${id}` }],
  [`escrow:trigger_exclusive:${id}`, { escrow: `trigger_exclusive:${id}` }],
  [`trigger_exclusive:${id}`, { escrow: `trigger_exclusive:${id}` }],
])("what is written as %j asks for %j", (text, wanted) => {
  expect(readSearch(text)).toEqual(wanted);
});
