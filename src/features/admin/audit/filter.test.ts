import { expect, test } from "vitest";
import { auditQuery, readAuditFilter, readTarget } from "./filter.ts";

const id = "0123456789abcdef01234567";

test("an address says the same filter again that it was made from", () => {
  const filter = {
    actor: id,
    action: "goal.retry",
    status: "completed",
    target: `goal:${id}`,
    from: "2026-01-01T00:00:00.000Z",
  } as const;
  expect(readAuditFilter(new URLSearchParams(auditQuery(filter)))).toEqual({ filter, dropped: [] });
  expect(auditQuery({})).toBe("");
});

test("what an address says and means nothing is left out and named", () => {
  const query = new URLSearchParams({ actor: "me", action: "goal.retry", status: "", entry: id });
  expect(readAuditFilter(query)).toEqual({ filter: { action: "goal.retry" }, dropped: ["actor"] });
});

test.each([
  [`${id.toUpperCase()} `, `goal:${id}`],
  [`user:${id}`, `user:${id}`],
  ["ledger", "ledger"],
  ["something else", null],
])("the target %s is read as %s", (text, target) => {
  expect(readTarget(text)).toBe(target);
});
