import { environment } from "#src/config/env.ts";
import { channelName } from "#src/contract/channels.ts";
import { openAs, signIn } from "./support/accounts.ts";
import { listen } from "./support/listener.ts";
import { stack } from "./support/stack.ts";
import {
  adaId,
  card,
  declineButton,
  declineByApi,
  goalOf,
  isDeclined,
  keptDeclines,
  pairs,
  resetDemo,
  setGoal,
  today,
  tray,
  undoButton,
  watchDeclines,
} from "./support/studio.ts";
import { expect, test } from "./support/test.ts";

test.beforeEach(() => resetDemo(environment()));

test("Ada declines by the keyboard alone, and sees what becomes of the money", async ({ page, context }) => {
  const declines = watchDeclines(context);
  await openAs(page, stack().app, "ada@example.com", "/studio");
  await expect(card(page, "Vic")).toBeVisible();
  const names = await page
    .getByRole("article")
    .evaluateAll((cards) => cards.map(({ ariaLabel }) => ariaLabel));
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("article").first()).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("article").nth(1)).toBeFocused();
  await page.keyboard.press("ArrowLeft");

  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("article").first()).toBeFocused();

  const first = names[0]?.replace("'s invitation", "") ?? "";
  await page.keyboard.press("d");
  await expect(undoButton(page, first)).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  expect(declines.sent()).toBe(0);
  await page.keyboard.press("u");
  await expect(declineButton(page, first)).toBeVisible();
  await page.keyboard.press("d");
  await expect(pairs(page)).toContainText("In cooldown");
  await expect(page.getByRole("heading", { level: 1, name: "Studio" })).toBeFocused();
  await expect(page.getByRole("log")).toContainText(`${first}'s invitation was declined.`);
  await expect(today(page)).toContainText(/\$\d+\.00 refunded/);
  expect(declines.statuses).toEqual([202]);
});

test("a decline that is undone in time was never sent", async ({ page, context }) => {
  await page.clock.install();
  const declines = watchDeclines(context);
  await openAs(page, stack().app, "ada@example.com", "/studio");
  const goalId = await goalOf(stack().database, "Vic");
  await declineButton(page, "Vic").click();
  await expect(card(page, "Vic")).toContainText(/Goes out in [45] s/);
  expect(await keptDeclines(page)).toBe(1);
  await undoButton(page, "Vic").click();
  await expect(declineButton(page, "Vic")).toBeFocused();
  expect(await keptDeclines(page)).toBe(0);
  await page.clock.runFor(20_000);
  await expect(declineButton(page, "Vic")).toBeVisible();
  expect(declines.sent()).toBe(0);
  expect(await isDeclined(stack().database, goalId)).toBe(false);
});

test.describe("when the network is away", () => {
  test.use({ expectedErrors: /ERR_INTERNET_DISCONNECTED|WebSocket connection/ });

  test("a decline waits, says so, and goes out by itself when the network is back", async ({
    page,
    context,
  }) => {
    await openAs(page, stack().app, "ada@example.com", "/studio");
    const goalId = await goalOf(stack().database, "Vic");
    await expect(declineButton(page, "Vic")).toBeVisible();
    await context.setOffline(true);
    await expect(page.getByText("You are offline.")).toBeVisible();
    await declineButton(page, "Vic").click();
    await expect(tray(page)).toContainText("Decline of Vic's invitation");
    await expect(card(page, "Vic")).toContainText("Waiting to be sent");
    expect(await keptDeclines(page)).toBe(1);
    expect(await isDeclined(stack().database, goalId)).toBe(false);

    const declines = watchDeclines(context);
    await context.setOffline(false);
    await expect(pairs(page)).toContainText("In cooldown");
    await expect(tray(page)).toHaveCount(0);
    expect(await isDeclined(stack().database, goalId)).toBe(true);
    expect(declines.statuses).toEqual([202]);
    expect(await keptDeclines(page)).toBe(0);
  });
});

test("leaving the page within the grace sends the decline at once, and the next visit finds it done", async ({
  page,
}) => {
  await openAs(page, stack().app, "ada@example.com", "/studio");
  const goalId = await goalOf(stack().database, "Wen");
  await declineButton(page, "Wen").click();
  await expect(undoButton(page, "Wen")).toBeVisible();
  const left = Date.now();
  await page.goto("about:blank");
  await expect.poll(() => isDeclined(stack().database, goalId)).toBe(true);
  expect(Date.now() - left).toBeLessThan(4_000);
  await page.goto(`${stack().app}/studio`);
  await expect(pairs(page)).toContainText("In cooldown");
  await expect.poll(() => keptDeclines(page)).toBe(0);
  await expect(tray(page)).toHaveCount(0);
});

test("of two tabs, one sends; the other shows the decline when it has happened", async ({
  page,
  context,
}) => {
  const declines = watchDeclines(context);
  const other = await context.newPage();
  await openAs(page, stack().app, "ada@example.com", "/studio");
  await other.goto(`${stack().app}/studio`);
  for (const tab of [page, other]) await expect(declineButton(tab, "Xan")).toBeVisible();
  await declineButton(page, "Xan").click();
  await expect(undoButton(page, "Xan")).toBeVisible();
  await expect(declineButton(other, "Xan")).toBeVisible();
  for (const tab of [page, other]) await expect(pairs(tab)).toContainText("In cooldown");
  for (const tab of [page, other]) await expect(tab.getByRole("article")).toHaveCount(0, { timeout: 1_000 });
  expect(await keptDeclines(other)).toBe(0);
  expect(declines.statuses).toEqual([202]);
});

test.describe("when the server is busy", () => {
  test.use({ expectedErrors: /status of 503/ });

  test("two tabs hold one kept decline, and it is taken once", async ({ page, context }) => {
    await openAs(page, stack().app, "ada@example.com", "/studio");
    const other = await context.newPage();
    await other.goto(`${stack().app}/studio`);
    await expect(declineButton(other, "Vic")).toBeVisible();
    const unavailable = { code: "unavailable", status: 503, title: "Not confirmed; repeating is safe." };
    await context.route("**/goals/*", (route) =>
      route.fulfill({
        status: 503,
        contentType: "application/problem+json",
        body: JSON.stringify(unavailable),
      }),
    );
    await declineButton(page, "Vic").click();
    for (const tab of [page, other]) await expect(tray(tab)).toContainText("Vic");
    await expect(tray(page)).toContainText("Trying again is safe");
    const declines = watchDeclines(context);
    await context.unroute("**/goals/*");
    await tray(page).getByRole("button", { name: "Send now" }).click();
    for (const tab of [page, other]) {
      await expect(pairs(tab)).toContainText("In cooldown");
      await expect(tray(tab)).toHaveCount(0);
    }
    expect(declines.statuses.filter((status) => status < 300)).toEqual([202]);
  });
});

test.describe("when the server says no", () => {
  test.use({ expectedErrors: /status of (409|500)/ });

  test("the card comes back and says why, and may be declined again", async ({ page, context }) => {
    await openAs(page, stack().app, "ada@example.com", "/studio");
    const broken = { code: "internal_error", status: 500, title: "Something went wrong on our side." };
    await context.route("**/goals/*", (route) =>
      route.fulfill({ status: 500, contentType: "application/problem+json", body: JSON.stringify(broken) }),
    );
    await declineButton(page, "Vic").click();
    await expect(card(page, "Vic")).toContainText("Vic's invitation was not declined");
    await expect(card(page, "Vic")).toContainText("Something went wrong on our side");
    await expect(declineButton(page, "Vic")).toBeFocused();
    await context.unroute("**/goals/*");
    await page.keyboard.press("Enter");
    await expect(pairs(page)).toContainText("In cooldown");
  });

  test("an invitation that was agreed to meanwhile is not declined, and Ada is told", async ({ page }) => {
    await openAs(page, stack().app, "ada@example.com", "/studio");
    const goalId = await goalOf(stack().database, "Vic");
    await declineButton(page, "Vic").click();
    await setGoal(stack().database, goalId, { active: false, agreed: { at: new Date() } });
    await expect(
      page.getByRole("alert").filter({ hasText: "Vic's invitation was not declined" }),
    ).toContainText("has ended already");
    await expect(card(page, "Vic")).toHaveCount(0);
    expect(await isDeclined(stack().database, goalId)).toBe(false);
  });
});

test("what Ada's phone declines meanwhile appears within a second, and is a success here too", async ({
  page,
  context,
}) => {
  const { app, database } = stack();
  const phone = await signIn(app, "ada@example.com");
  await openAs(page, app, "ada@example.com", "/studio");
  const goalId = await goalOf(database, "Vic");
  await expect(page.locator("[data-live=live]")).toBeVisible();
  const listener = await listen(stack(), phone, [channelName("private-stream", await adaId(database))]);
  const declines = watchDeclines(context);
  await declineButton(page, "Vic").click();
  await expect(undoButton(page, "Vic")).toBeVisible();
  expect(await declineByApi(app, phone, goalId)).toBe(202);
  // From the moment that anybody is told, this page has a second.
  await listener.until("goal.ended", 1);
  await expect(card(page, "Vic")).toHaveCount(0, { timeout: 1_000 });
  listener.close();
  await expect.poll(() => declines.statuses).toEqual([200]);
  await expect(tray(page)).toHaveCount(0);
  await expect(page.getByText("was not declined")).toHaveCount(0);
  await expect(today(page)).toContainText("Declined");
});

test("an invitation that runs out while Ada looks says so by the clock", async ({ page }) => {
  const { app, database } = stack();
  const goalId = await goalOf(database, "Vic");
  await setGoal(database, goalId, { exp: new Date(Date.now() + 6_000) });
  await openAs(page, app, "ada@example.com", "/studio");
  await expect(card(page, "Vic").getByRole("timer")).toContainText(/^0:0\d$/);
  await page.evaluate(() => void ((window as { unreloaded?: boolean }).unreloaded = true));
  await expect(card(page, "Vic")).toContainText("Expired");
  await expect(declineButton(page, "Vic")).toHaveCount(0);
  await expect(page.getByRole("log")).toContainText("Vic's invitation has expired.");
  await expect(today(page)).toContainText("Expired");
  expect(await page.evaluate(() => (window as { unreloaded?: boolean }).unreloaded)).toBe(true);
});
