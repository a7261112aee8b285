import { channelName } from "#src/contract/channels.ts";
import { openAs, signIn } from "./support/accounts.ts";
import {
  bar,
  chooseAction,
  closeDialog,
  confirmAction,
  count,
  dialog,
  expectEntry,
  inviteTo,
  row,
  transfersOf,
  untilRun,
} from "./support/console.ts";
import { listen } from "./support/listener.ts";
import { ownStack, type OwnStack } from "./support/own-stack.ts";
import { adaId, declineByApi, goalOf } from "./support/studio.ts";
import { expect, test } from "./support/test.ts";

/** What a moderator does after an outage of Pusher; and what an admin does about a refund before its time. */

const delay_s = 20;
const refundReceiver = "trigger_exclusive_goal_escrow_refund";
let own: OwnStack<"pusher">;
let ada: string;
test.beforeAll(async () => {
  test.setTimeout(180_000);
  // What fails, fails for good within three seconds: the real back-off takes more than an hour.
  const settings = { RETRY_SCALE: "0.0005", REFUND_DELAY_SECONDS: String(delay_s) };
  own = await ownStack({ settings, tap: ["pusher"] });
  ada = await signIn(own.description.app, "ada@example.com");
});
test.afterAll(() => own?.close());

test("after an outage of Pusher a moderator runs a whole column again, and the pages are told", async ({
  page,
}) => {
  const { app, database } = own.description;
  const goals = await Promise.all(["Vic", "Wen", "Xan"].map((viewer) => goalOf(database, viewer)));
  await own.taps.pusher.cut();
  // A decline ends the other invitations of its session as well, where it comes before their own.
  for (const goalId of goals) expect([202, 409]).toContain(await declineByApi(app, ada, goalId));
  for (const goalId of goals) await untilRun(database, goalId, "notify_goal_ended", "failed");
  await own.taps.pusher.mend();
  // A viewer who looks at the stream while the column runs again.
  const channel = channelName("presence-stream", await adaId(database));
  const listener = await listen(own.description, await signIn(app, "vic@example.com"), [channel]);

  const reason = "Pusher was away for a while.";
  await openAs(page, app, "mod@example.com", "/admin/goals?view=effects&trouble=failed");
  for (const goalId of goals)
    await expect(row(page, goalId).locator("[data-effect=notify_goal_ended]")).toHaveAttribute(
      "data-look",
      "failed",
    );
  const column = page.getByRole("columnheader").filter({ hasText: "Pages told" });
  await expect(column).toContainText("3");
  await column.getByRole("button").click();
  await dialog(page).getByRole("button", { name: "Run this column again" }).click();
  const bulk = page.getByRole("dialog", { name: "Retry a column" });
  await expect(bulk.locator("[data-extent] [data-goals]")).toHaveAttribute("data-goals", "3");
  await bulk.getByRole("textbox", { name: "Why" }).fill(reason);
  const go = bulk.getByRole("button", { name: "Run again for 3 goals" });
  const typed = bulk.getByRole("textbox", { name: "Type 3 to confirm" });
  await typed.fill("2");
  await go.click();
  await expect(bulk).toContainText("Type the number of goals: 3.");
  await typed.fill("3");
  await go.click();

  await expect(page).toHaveURL(/\/admin\/bulk\/[0-9a-f]{24}$/);
  const bulkId = page.url().slice(-24);
  await expect(page.getByRole("progressbar", { name: "Progress" })).toHaveAttribute("aria-valuenow", "3");
  await expect(page.locator("li[data-part=done]")).toHaveAttribute("data-count", "3");
  await expect(page.locator("li[data-part=failed]")).toHaveAttribute("data-count", "0");
  const told = await listener.until("goal.ended", 3);
  listener.close();
  expect(new Set(told.map(({ data }) => (data as { goal_id: string }).goal_id))).toEqual(new Set(goals));
  for (const goalId of goals) await untilRun(database, goalId, "notify_goal_ended", "done");

  await page.getByRole("link", { name: "See these goals" }).click();
  await expect(count(page)).toHaveAttribute("data-count", "0");
  const mod = await signIn(app, "mod@example.com");
  await expectEntry(app, mod, `bulk:${bulkId}`, {
    action: "bulk.start",
    name: "Mod",
    role: "moderator",
    reason,
    after: expect.objectContaining({ status: "running", goals: 3, items: 3 }),
  });
});

test("an admin holds one sleeping refund back and releases another at once; their time moves nothing more", async ({
  page,
}) => {
  test.setTimeout(120_000);
  const { app, database } = own.description;
  const root = await signIn(app, "root@example.com");
  const held = await inviteTo(own.env, "ada", "vic");
  const released = await inviteTo(own.env, "bea", "wen");
  const heldAddress = `${app}/admin/goals/${held}`;
  const refund = bar(page, refundReceiver);
  await openAs(page, app, "root@example.com", `/admin/goals/${held}`);
  await expect(page.getByText("Nothing has run yet")).toBeVisible();
  expect(await declineByApi(app, ada, held)).toBe(202);
  await expect(refund).toHaveAttribute("data-status", "waiting");
  await chooseAction(page, "hold_refund");
  await confirmAction(page, "The streamer disputes it.");
  await closeDialog(page);
  await expect(page.locator("[data-held-back]")).toContainText("The streamer disputes it.");
  await expect(page.locator("[data-trouble=held]")).toBeVisible();

  await page.goto(`${app}/admin/goals/${released}`);
  await expect(page.getByText("Nothing has run yet")).toBeVisible();
  expect(await declineByApi(app, await signIn(app, "bea@example.com"), released)).toBe(202);
  await expect(refund).toHaveAttribute("data-status", "waiting");
  await chooseAction(page, "refund_now");
  await confirmAction(page, "Wen needs it today.");
  await closeDialog(page);
  const moved = await transfersOf(database, released);
  expect(moved.map(({ reason }) => reason as unknown)).toEqual(["prepayment", "refund"]);
  await expect(refund).toHaveAttribute("data-status", "waiting");
  // Its time comes, and finds the money gone.
  await expect(refund).toHaveAttribute("data-status", "returned", { timeout: 2 * delay_s * 1_000 });
  expect(await transfersOf(database, released)).toEqual(moved);

  // The other's time came before, and nothing has moved.
  await page.goto(heldAddress);
  await expect(refund).toHaveAttribute("data-status", "returned");
  await refund.getByRole("button", { expanded: false }).click();
  await expect(refund).toContainText("held_back");
  expect(await transfersOf(database, held)).toHaveLength(1);
  await page.locator("[data-held-back]").getByRole("button", { name: "Let the refund go" }).click();
  await confirmAction(page, "The dispute is settled.");
  await closeDialog(page);
  await expect(bar(page, refundReceiver, true)).toHaveAttribute("data-status", "done");
  await expect(page.locator("[data-held-back]")).toHaveCount(0);
  await expect(page.locator("[data-trouble=held]")).toHaveCount(0);
  const let_go = await transfersOf(database, held);
  expect(let_go.map(({ reason }) => reason as unknown)).toEqual(["prepayment", "refund"]);

  const by = { name: "Root", role: "admin" };
  const hold = await expectEntry(app, root, `goal:${held}`, {
    ...by,
    action: "refund.hold",
    reason: "The streamer disputes it.",
    before: { held_back: null },
    after: { held_back: { since: expect.any(String) } },
  });
  await expectEntry(app, root, `goal:${held}`, {
    ...by,
    action: "refund.let_go",
    reason: "The dispute is settled.",
    before: { held_back: hold.id },
    after: expect.objectContaining({ held_back: null }),
  });
  await expectEntry(app, root, `goal:${released}`, {
    ...by,
    action: "refund.now",
    reason: "Wen needs it today.",
    before: { resolved: null },
    after: expect.objectContaining({ by_this: true }),
  });
});
