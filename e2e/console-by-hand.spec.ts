import { ObjectId } from "mongodb";
import { environment } from "#src/config/env.ts";
import { adminsOnly } from "#src/contract/console.ts";
import { receiverIds } from "#src/contract/receivers.ts";
import { openAs, signIn } from "./support/accounts.ts";
import {
  actOn,
  addManyGoals,
  bar,
  call,
  chooseAction,
  closeDialog,
  confirmAction,
  dialog,
  entriesOf,
  expectEntry,
  openActions,
  transfersOf,
  untilRun,
} from "./support/console.ts";
import { expectDeclined } from "./support/declined.ts";
import { stack, withDatabase } from "./support/stack.ts";
import { adaId, declineByApi, goalOf, resetDemo, setGoal } from "./support/studio.ts";
import { expect, test } from "./support/test.ts";

/** What is done to one goal by hand: previewed, done once, and found in the audit log; and what is not for moderators. */

test.beforeEach(() => resetDemo(environment()));

const refundReceiver = "trigger_exclusive_goal_escrow_refund";

/** Bea declines the one invitation that she has, and its refund is through; gives the goal's id. */
async function declined(): Promise<string> {
  const { app, database } = stack();
  const goalId = await goalOf(database, "Wen", "Bea");
  expect(await declineByApi(app, await signIn(app, "bea@example.com"), goalId)).toBe(202);
  await withDatabase(database, (db) => expectDeclined(db, goalId));
  return goalId;
}

test("running a refund again that is done moves nothing, and the preview says so", async ({ page }) => {
  const { app, database } = stack();
  const goalId = await declined();
  const before = await transfersOf(database, goalId);
  expect(before.map(({ reason }) => reason as unknown)).toEqual(["prepayment", "refund"]);
  const reason = "The viewer says that nothing came back.";

  await openAs(page, app, "mod@example.com", `/admin/goals/${goalId}`);
  await expect(bar(page, refundReceiver)).toHaveAttribute("data-status", "done");
  await bar(page, refundReceiver).getByRole("button", { name: /again/ }).click();
  await expect(dialog(page).locator("[data-harmless]")).toBeVisible();
  const part = dialog(page).locator(`[data-part=${refundReceiver}]`);
  await expect(part.locator("[data-note=already_done]").first()).toBeVisible();
  await expect(part.locator("[data-list=changes] [data-kind=money]")).toHaveCount(0);
  await confirmAction(page, reason);
  await dialog(page).getByRole("link", { name: "Watch it on the page" }).click();
  // It finds nothing in the escrow, and returns.
  await expect(bar(page, refundReceiver, true)).toHaveAttribute("data-status", "returned");

  expect(await transfersOf(database, goalId)).toEqual(before);
  await expect(page.locator("#ledger").getByRole("row")).toHaveCount(1 + before.length);
  await expectEntry(app, await signIn(app, "mod@example.com"), `goal:${goalId}`, {
    action: "goal.retry",
    name: "Mod",
    role: "moderator",
    reason,
    before: { receivers: { [refundReceiver]: "done" } },
    after: { event_ids: [expect.stringContaining(refundReceiver)] },
  });
});

test("a moderator declines on behalf of a streamer, and everything of a decline follows", async ({
  page,
}) => {
  const { app, database } = stack();
  const goalId = await goalOf(database, "Wen", "Bea");
  const mod = await signIn(app, "mod@example.com");
  const reason = "Bea asked for it by telephone.";

  await openAs(page, app, "mod@example.com", `/admin/goals/${goalId}`);
  await chooseAction(page, "decline");
  await expect(dialog(page).locator("[data-kind=money]").first()).toContainText("$18.00");
  await confirmAction(page, reason);
  await closeDialog(page);
  for (const receiver of receiverIds)
    await expect(bar(page, receiver)).toHaveAttribute("data-status", /^(done|returned)$/);
  await expect(page.getByRole("main").locator("header")).toContainText("$18.00 refunded");

  const modId = await withDatabase(database, async (db) => {
    await expectDeclined(db, goalId);
    const [goal, account] = await Promise.all([
      db.collection("goals").findOne({ _id: new ObjectId(goalId) }),
      db.collection("user").findOne({ email: "mod@example.com" }),
    ]);
    expect(goal?.["deactivated"].by).toEqual(account?._id);
    return String(account?._id);
  });
  const entry = await expectEntry(app, mod, `goal:${goalId}`, {
    action: "goal.decline",
    name: "Mod",
    role: "moderator",
    reason,
    before: { active: true, exp: expect.any(String) },
    after: { event_ids: [expect.stringMatching(/^by-hand:/)] },
  });
  expect(entry.actor.id).toBe(modId);
});

test("the signal is sent again to all receivers, and everything stays as it was", async ({ page }) => {
  const { app, database } = stack();
  const goalId = await declined();
  const before = await transfersOf(database, goalId);
  await openAs(page, app, "mod@example.com", `/admin/goals/${goalId}`);
  await chooseAction(page, "resend_signal");
  await expect(dialog(page).locator("[data-harmless]")).toBeVisible();
  await confirmAction(page, "To be sure that all pages know.");
  await closeDialog(page);
  for (const receiver of receiverIds)
    await expect(bar(page, receiver, true)).toHaveAttribute("data-status", /^(done|returned)$/);
  expect(await transfersOf(database, goalId)).toEqual(before);
});

test("an admin releases a refund at once that was stuck", async ({ page }) => {
  const { app, database } = stack();
  const goalId = await goalOf(database, "Vic");
  const reason = "The refund was stuck since the outage.";
  // Ended past the app, so that no signal was ever sent: nothing but a hand brings the money back.
  const at = new Date();
  const by = new ObjectId(await adaId(database));
  const deactivated = { at, by, event_id: "lost", reason: "declined" };
  await setGoal(database, goalId, { active: false, exp: at, deactivated });
  await openAs(page, app, "root@example.com", `/admin/goals/${goalId}`);
  await chooseAction(page, "refund_now");
  await expect(dialog(page).locator("[data-list=changes] [data-kind=money]")).toContainText("$12.00");
  await confirmAction(page, reason);
  await expect(dialog(page).locator("[data-done]")).toContainText("$12.00 went back");
  const transfers = await transfersOf(database, goalId);
  expect(transfers.map((transfer) => transfer["reason"] as unknown)).toEqual(["prepayment", "refund"]);
  const entry = await expectEntry(app, await signIn(app, "root@example.com"), `goal:${goalId}`, {
    action: "refund.now",
    name: "Root",
    role: "admin",
    reason,
    before: { resolved: null },
    after: { resolved: expect.objectContaining({ amount: 1_200 }), by_this: true },
  });
  expect(transfers[1]?.["audit_id"]?.toString()).toBe(entry.id);
});

test("a moderator is refused what only admins may do, in the page and at the procedure", async ({ page }) => {
  const { app, database } = stack();
  const goalId = await declined();
  const mod = await signIn(app, "mod@example.com");
  await openAs(page, app, "mod@example.com", `/admin/goals/${goalId}`);
  await openActions(page);
  for (const kind of ["hold_refund", "refund_now"]) {
    const item = page.getByRole("menu").locator(`[data-action=${kind}]`);
    await expect(item).toHaveAttribute("aria-disabled", "true");
    await expect(item).toContainText("For admins only");
    await item.click({ force: true });
  }
  await expect(dialog(page)).toHaveCount(0);
  await page.goto(`${app}/admin/users?q=vic@`);
  await expect(page.getByRole("table", { name: "Users" }).getByText("vic@example.com")).toBeVisible();
  await expect(page.getByText("Only admins change roles")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Change role/ })).toHaveCount(0);

  const audited = () =>
    withDatabase(database, (db) => db.collection("audit_log").find().sort({ _id: 1 }).toArray());
  const state = () =>
    withDatabase(database, async (db) => ({
      roles: await db
        .collection("user")
        .find()
        .sort({ _id: 1 })
        .map((user) => user["role"] as unknown)
        .toArray(),
      transfers: await db.collection("ledger_transfers").countDocuments(),
      holds: await db.collection("refund_holds").countDocuments(),
      actions: await db.collection("bulk_actions").countDocuments(),
    }));
  const before = [await audited(), await state()];
  const user = await withDatabase(database, (db) =>
    db.collection("user").findOne({ email: "vic@example.com" }),
  );
  const byHand = () => ({ reason: "I would like to.", request_id: crypto.randomUUID() });
  const refused = { status: 403, problem: "forbidden", data: null };
  for (const kind of adminsOnly)
    expect(
      await actOn(app, mod, goalId, { kind } as Parameters<typeof actOn>[3], "I would like to."),
    ).toEqual(refused);
  for (const [procedure, input] of [
    ["users.setRole", { user_id: String(user?._id), role: "admin" }],
    ["bulk.approve", { bulk_id: goalId }],
    ["bulk.reject", { bulk_id: goalId }],
  ] as const)
    expect(await call(app, mod, procedure, { ...input, ...byHand() })).toEqual(refused);
  expect([await audited(), await state()]).toEqual(before);

  // Nor is any of it for those who are no moderators at all.
  const bea = await signIn(app, "bea@example.com");
  const retry = { kind: "retry" as const, receivers: ["track_goals" as const] };
  expect(await actOn(app, bea, goalId, retry, "It is my own goal.")).toEqual(refused);
  expect(await call(app, bea, "audit.list", {}, "query")).toEqual(refused);
  expect([await audited(), await state()]).toEqual(before);
});

test("what was done by hand is found in the audit log by who, what, how and to what", async ({ page }) => {
  const { app, database } = stack();
  const goalId = await declined();
  const [other = ""] = await addManyGoals(database, { count: 1, failed: { 0: "track_goals" } });
  const mod = await signIn(app, "mod@example.com");
  const root = await signIn(app, "root@example.com");
  const retry = { kind: "retry" as const, receivers: ["track_goals" as const] };
  expect(await actOn(app, mod, goalId, retry, "The record looked odd.")).toMatchObject({ status: 200 });
  expect(await actOn(app, root, other, retry, "The other record, too.")).toMatchObject({ status: 200 });
  // The refund is through: there is nothing to hold back.
  const held = await actOn(app, root, goalId, { kind: "hold_refund" }, "A dispute has come in.");
  expect(held).toEqual({ status: 409, problem: "action_refused", data: null });
  await untilRun(database, goalId, "track_goals", "done");

  await openAs(page, app, "mod@example.com", "/admin/audit");
  const entries = page.locator("[data-entry]");
  await expect(entries).toHaveCount(3);
  const filters = page.getByRole("search", { name: "Narrow the list down" });
  await filters.getByLabel("How it went").selectOption("refused");
  await expect(entries).toHaveCount(1);
  await expect(entries).toContainText("A dispute has come in.");
  await filters.getByLabel("How it went").selectOption("");
  await filters.getByLabel("What", { exact: true }).selectOption("goal.retry");
  await expect(entries).toHaveCount(2);
  await filters.getByLabel("Who").selectOption({ label: "Root (admin)" });
  await expect(entries).toHaveCount(1);
  await expect(page).toHaveURL(/actor=.*action=goal\.retry|action=goal\.retry.*actor=/);
  await expect(entries).toContainText("The other record, too.");
  await filters.getByRole("button", { name: "Clear" }).click();
  await filters.getByLabel("To what").fill(goalId);
  await filters.getByLabel("To what").press("Enter");
  await expect(entries).toHaveCount(2);

  const retried = entries.and(page.locator("[data-action='goal.retry']"));
  await retried.locator("summary").click();
  await expect(retried).toContainText("Mod (moderator)");
  await expect(retried.getByRole("table")).toContainText("track_goals");
  const [first] = await entriesOf(app, mod, `goal:${goalId}`);
  expect(first).toMatchObject({ action: "refund.hold", role: "admin", status: "refused" });
});
