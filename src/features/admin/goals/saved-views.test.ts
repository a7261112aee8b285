import { expect, test } from "vitest";
import { goalFilter } from "#src/contract/console.ts";
import { readGoalsAddress } from "./filter-address.ts";
import { addressOfView, ownViews, type SavedView, withView } from "./saved-views.ts";

test("a saved view leads to where it was saved", () => {
  const [saved] = withView([], " Big ones ", { min_amount: 5_000, sort: "amount" }, "effects");
  expect(saved?.name).toBe("Big ones");
  expect(saved && addressOfView(saved)).toBe("/admin/goals?min_amount=5000&sort=amount&view=effects");
});

test("saving under a name that there is replaces that view alone", () => {
  const first = withView(withView([], "a", { state: "ended" }, "table"), "b", {}, "table");
  const again = withView(first, "a", { state: "pending" }, "table");
  expect(again).toEqual([
    { name: "b", query: "" },
    { name: "a", query: "state=pending" },
  ]);
});

test("there are never more than thirty, and the oldest go", () => {
  let views: readonly SavedView[] = [];
  for (let number = 0; number < 35; number += 1) views = withView(views, String(number), {}, "table");
  expect(views).toHaveLength(30);
  expect(views[0]?.name).toBe("5");
});

test("a view that was saved by an older page leads somewhere all the same", () => {
  expect(addressOfView({ name: "old", query: "state=ended&mood=bad" })).toBe("/admin/goals?state=ended");
});

test("everybody's own views are filters that an address can say", () => {
  for (const filter of Object.values(ownViews)) {
    expect(goalFilter.safeParse(filter).success).toBe(true);
    expect(readGoalsAddress(Object.entries(filter)).dropped).toEqual([]);
  }
});
