import { environment } from "#src/config/env.ts";
import { openAs, signIn } from "./support/accounts.ts";
import { addManyGoals, call, count, dialog, expectEntry, untilRun } from "./support/console.ts";
import { stack, withDatabase } from "./support/stack.ts";
import { resetDemo } from "./support/studio.ts";
import { expect, test } from "./support/test.ts";

/** What is too much for one person: an action on more than fifty goals needs a second admin, whom root appoints first. */

const many = 60;
test.beforeAll(() => resetDemo(environment()));
// Who mod was made goes with the data.
test.afterAll(() => resetDemo(environment()));

test("root makes the moderator an admin, who then approves what root has started on sixty goals", async ({
  page,
}) => {
  test.setTimeout(120_000);
  const { app, database } = stack();
  const numbers = Array.from({ length: many }, (_, n) => n);
  const failed = Object.fromEntries(numbers.map((n) => [n, "track_goals" as const]));
  const goals = await addManyGoals(database, { count: many, failed });
  const root = await signIn(app, "root@example.com");

  await openAs(page, app, "root@example.com", "/admin/users?q=mod@");
  await page.getByRole("button", { name: "Change role: Mod" }).click();
  const roles = page.getByRole("dialog", { name: "Change role: Mod" });
  await roles.getByLabel("New role").selectOption("admin");
  await roles.getByRole("textbox", { name: "Why" }).fill("A second admin must be able to approve.");
  const change = roles.getByRole("button", { name: "Change to admin" });
  await expect(change).toBeDisabled();
  await roles.getByRole("checkbox", { name: /change Mod from moderator to admin/ }).check();
  await change.click();
  await expect(roles).toHaveCount(0);
  await expect(page.getByRole("table", { name: "Users" }).locator("[data-role=admin]")).toBeVisible();
  const modId = await withDatabase(database, async (db) =>
    String((await db.collection("user").findOne({ email: "mod@example.com", role: "admin" }))?._id),
  );
  await expectEntry(app, root, `user:${modId}`, {
    action: "user.set_role",
    name: "Root",
    role: "admin",
    reason: "A second admin must be able to approve.",
    before: { role: "moderator" },
    after: { role: "admin" },
  });

  await page.goto(`${app}/admin/goals?trouble=failed&receiver=track_goals`);
  await expect(count(page)).toHaveAttribute("data-count", String(many));
  await page.getByRole("button", { name: "Retry what failed" }).click();
  await expect(dialog(page).locator("[data-extent] [data-goals]")).toHaveAttribute(
    "data-goals",
    String(many),
  );
  await expect(dialog(page).locator("[data-needs-approval]")).toBeVisible();
  await dialog(page).getByRole("textbox", { name: "Why" }).fill("The analytics were down.");
  await dialog(page)
    .getByRole("textbox", { name: `Type ${many} to confirm` })
    .fill(String(many));
  await dialog(page)
    .getByRole("button", { name: `Ask for approval of ${many} goals` })
    .click();
  await expect(page).toHaveURL(/\/admin\/bulk\/[0-9a-f]{24}$/);
  const bulkId = page.url().slice(-24);
  const awaiting = page.getByRole("main").locator("[data-awaiting]");
  await expect(awaiting).toContainText("another admin decides");
  await expect(page.getByRole("button", { name: "Approve" })).toHaveCount(0);
  const decision = { bulk_id: bulkId, reason: "I do it myself.", request_id: crypto.randomUUID() };
  expect(await call(app, root, "bulk.approve", decision)).toMatchObject({
    status: 403,
    problem: "forbidden",
  });
  await expect(page.locator("li[data-part=unsent]")).toHaveAttribute("data-count", String(many));

  await openAs(page, app, "mod@example.com", "/admin");
  await page.locator("[data-attention=approval]").click();
  await page.locator(`[data-bulk="${bulkId}"]`).getByRole("link").click();
  await expect(awaiting).toContainText("Root asks for it");
  await awaiting.getByRole("button", { name: "Approve" }).click();
  await dialog(page).getByRole("textbox", { name: "Why" }).fill("I have looked at a few of them.");
  await dialog(page).getByRole("button", { name: "Approve", exact: true }).click();
  await expect(dialog(page)).toHaveCount(0);
  await expect(page.locator("li[data-part=done]")).toHaveAttribute("data-count", String(many), {
    timeout: 30_000,
  });
  await expect(page.locator("li[data-part=failed]")).toHaveAttribute("data-count", "0");
  await untilRun(database, goals.at(-1) ?? "", "track_goals", "done");

  await expectEntry(app, root, `bulk:${bulkId}`, {
    action: "bulk.start",
    name: "Root",
    role: "admin",
    reason: "The analytics were down.",
    after: expect.objectContaining({ status: "awaiting_approval", goals: many, items: many }),
  });
  await expectEntry(app, root, `bulk:${bulkId}`, {
    action: "bulk.approve",
    name: "Mod",
    role: "admin",
    reason: "I have looked at a few of them.",
    before: { status: "awaiting_approval" },
    after: { status: "running" },
  });
});
