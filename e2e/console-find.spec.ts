import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { environment } from "#src/config/env.ts";
import { failureText } from "#src/testing/many-goals.ts";
import { openAs, signIn } from "./support/accounts.ts";
import { addManyGoals, bar, confirmAction, count, dialog, expectEntry, row } from "./support/console.ts";
import { stack, withDatabase } from "./support/stack.ts";
import { resetDemo } from "./support/studio.ts";
import { expect, test } from "./support/test.ts";

/** One goal among ten thousand has a receiver that failed: a moderator finds it, understands it, and sets it right. */

let failed = "";
test.beforeAll(async () => {
  test.setTimeout(120_000);
  await resetDemo(environment());
  const { database } = stack();
  // The lists read summaries alone; the goal that is opened has its runs as well.
  await addManyGoals(database, { count: 9_999, runsOf: 0 });
  const [last = ""] = await addManyGoals(database, { count: 1, failed: { 0: "notify_goal_ended" } });
  failed = last;
});
test.afterAll(() => resetDemo(environment()));

/** The rows of the file that the page offers, without its head. */
async function download(page: Page, name: string): Promise<string[]> {
  const file = page.waitForEvent("download");
  await page.getByRole("main").getByRole("link", { name }).click();
  const text = await readFile(await (await file).path(), "utf8");
  return text.trim().split("\r\n").slice(1);
}

test("a moderator finds the failed receiver of one goal, sees why, and runs it again", async ({ page }) => {
  const { app } = stack();
  const reason = "Pusher had an outage and is back.";
  await openAs(page, app, "mod@example.com", "/admin");
  const failures = page.locator("[data-attention=failed]");
  await expect(failures).toContainText("1");
  await failures.click();
  await expect(page).toHaveURL(/trouble=failed/);
  await expect(count(page)).toHaveAttribute("data-count", "1");
  await expect(page.getByRole("main").locator("[data-goal]")).toHaveCount(1);
  await expect(row(page, failed)).toContainText("Pages told");

  await row(page, failed).locator("[data-open-goal]").click();
  await expect(page).toHaveURL(new RegExp(`/admin/goals/${failed}`));
  await expect(page.locator("[data-trouble-of=notify_goal_ended]")).toContainText(failureText);
  await page.getByRole("button", { name: /^Look at it/ }).click();
  const first = bar(page, "notify_goal_ended");
  await expect(first).toHaveAttribute("data-status", "failed");
  await expect(first).toContainText(failureText);
  await expect(first).toContainText("5 attempts");

  await page.getByRole("button", { name: "Retry the failed receiver" }).click();
  const part = dialog(page).locator("[data-part=notify_goal_ended]");
  await expect(part.locator("[data-kind=push]")).toBeVisible();
  await expect(dialog(page).locator("[data-kind=money]")).toHaveCount(0);
  await confirmAction(page, reason);
  await dialog(page).getByRole("link", { name: "Watch it on the page" }).click();

  const again = bar(page, "notify_goal_ended", true);
  await expect(again).toHaveAttribute("data-status", "done");
  await expect(page.locator("[data-trouble]")).toHaveCount(0);
  await expect(page.locator("[data-trouble-of]")).toHaveCount(0);
  await expect(page.locator("#audit")).toContainText(reason);

  await page.getByRole("link", { name: "All goals" }).click();
  await expect(page).toHaveURL(/trouble=failed/);
  await expect(count(page)).toHaveAttribute("data-count", "0");
  await expect(page.getByRole("main").locator("[data-goal]:not([data-left])")).toHaveCount(0);

  await expectEntry(app, await signIn(app, "mod@example.com"), `goal:${failed}`, {
    action: "goal.retry",
    name: "Mod",
    role: "moderator",
    reason,
    before: { receivers: { notify_goal_ended: "failed" } },
    after: { event_ids: [expect.stringContaining(`goal.ended.retry:${failed}:notify_goal_ended:`)] },
  });
});

test("the file of a filter has exactly the goals that the list has", async ({ page }) => {
  const { app, database } = stack();
  const streamer = await withDatabase(database, (db) => db.collection("user").findOne({ name: "Sol 3" }));
  const address = `/admin/goals?streamer=${String(streamer?._id)}&outcome=expired`;
  await openAs(page, app, "mod@example.com", address);
  const expected = await withDatabase(database, (db) =>
    db
      .collection("goals")
      .find({ "metadata.user_id": streamer?._id, "deactivated.reason": "expired" })
      .sort({ created: -1, _id: -1 })
      .map(({ _id }) => _id.toHexString())
      .toArray(),
  );
  expect(expected.length).toBeGreaterThan(40);
  await expect(count(page)).toHaveAttribute("data-count", String(expected.length));
  const lines = await download(page, "Download as CSV");
  expect(lines.map((line) => line.split(",")[0])).toEqual(expected);
  for (const line of lines) expect(line).toContain("expired");
});

test("the file of the audit log has the entries that its filter matches", async ({ page }) => {
  const { app } = stack();
  await openAs(page, app, "mod@example.com", "/admin/audit?action=goal.retry");
  await expect(page.locator("[data-entry]")).toHaveCount(1);
  const lines = await download(page, "Download as CSV");
  expect(lines).toHaveLength(1);
  for (const part of ["goal.retry", `goal:${failed}`, "completed", "Mod"]) expect(lines[0]).toContain(part);
});
