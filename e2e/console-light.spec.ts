import { ObjectId } from "mongodb";
import { environment } from "#src/config/env.ts";
import { escrowIdOf } from "#src/contract/ids.ts";
import { openAs, signIn } from "./support/accounts.ts";
import { entriesOf } from "./support/console.ts";
import { stack, withDatabase } from "./support/stack.ts";
import { goalOf, resetDemo } from "./support/studio.ts";
import { expect, test } from "./support/test.ts";

test.beforeAll(() => resetDemo(environment()));
test.afterAll(() => resetDemo(environment()));

test("the light turns red on every page when money appears from nowhere, and green when it is gone", async ({
  page,
}) => {
  const { app, database } = stack();
  const goalId = await goalOf(database, "Vic");
  const escrow_id = escrowIdOf(goalId);
  const pill = page.locator("[data-light]");
  const full = page.locator("[data-light-full]");
  const check = async (kind: "agrees" | "breached") => {
    await page.getByRole("button", { name: "Check now" }).click();
    await expect(page.getByText("Checked anew just now.")).toBeVisible({ timeout: 20_000 });
    await expect(full).toHaveAttribute("data-light-full", kind);
    await expect(pill).toHaveAttribute("data-light", kind);
  };
  await openAs(page, app, "mod@example.com", "/admin/ledger");
  await check("agrees");

  // More leaves the escrow than was ever in it.
  const stolen = `stolen:${escrow_id}`;
  await withDatabase(database, (db) =>
    db.collection("ledger_transfers").insertOne({
      _id: stolen as never,
      insert_id: new ObjectId(),
      debit: `escrow:${escrow_id}`,
      credit: "viewer:nobody",
      amount: 5_000,
      currency: "USD",
      at: new Date(),
      escrow_id,
      user_id: new ObjectId(),
      reason: "refund",
    }),
  );
  await page.reload();
  await check("breached");
  await expect(full.getByRole("table", { name: "Breaches" })).toContainText(goalId);
  await expect(full.getByRole("table", { name: "Breaches" })).toContainText(escrow_id);
  for (const path of ["", "/goals", "/bulk", "/sessions", "/users", "/audit", `/goals/${goalId}`]) {
    await page.goto(`${app}/admin${path}`);
    await expect(pill).toHaveAttribute("data-light", "breached");
    await expect(page.locator("[data-breaches]").getByRole("link", { name: goalId }).first()).toBeVisible();
  }
  await page.goto(`${app}/admin`);
  await page.locator("[data-attention=breach]").click();
  await expect(page).toHaveURL(/\/admin\/ledger$/);

  await withDatabase(database, (db) => db.collection("ledger_transfers").deleteOne({ _id: stolen as never }));
  await check("agrees");
  await page.goto(`${app}/admin/goals/${goalId}`);
  await expect(pill).toHaveAttribute("data-light", "agrees");
  await expect(page.locator("[data-breaches]")).toHaveCount(0);

  const entries = await entriesOf(app, await signIn(app, "mod@example.com"), "ledger");
  expect(entries.map(({ action, status, actor }) => [action, status, actor.name])).toEqual(
    Array.from({ length: 3 }, () => ["ledger.check", "completed", "Mod"]),
  );
});
