import type { Page } from "@playwright/test";
import { environment } from "#src/config/env.ts";
import { escrowIdOf } from "#src/contract/ids.ts";
import { openAs, signIn } from "./support/accounts.ts";
import { runCommand } from "./support/command.ts";
import { ownStack, type OwnStack } from "./support/own-stack.ts";
import { stack, withDatabase } from "./support/stack.ts";
import { expect, test } from "./support/test.ts";

const cardOf = (page: Page, streamer: string) =>
  page.getByRole("article", { name: `Invitation to ${streamer}` }).first();
const step = (page: Page, name: string) => cardOf(page, "Ada").locator(`[data-step=${name}]`);

test.describe("with a time to dispute", () => {
  let own: OwnStack;
  test.beforeAll(async () => {
    test.setTimeout(180_000);
    own = await ownStack({ settings: { REFUND_DELAY_SECONDS: "8" } });
  });
  test.afterAll(() => own?.close());

  test("Vic sees his money held, then due with its clock, then refunded, and copies the receipt", async ({
    page,
    context,
  }) => {
    const { app, database } = own.description;
    await openAs(page, app, "vic@example.com");
    const card = cardOf(page, "Ada");
    await expect(card).toContainText("Pending");
    await expect(card).toContainText("$12.00 held");
    await expect(step(page, "waiting")).toHaveAttribute("aria-current", "step");
    await expect(page.getByText("Held in escrow")).toBeVisible();
    await expect(page.getByText("Live", { exact: true }).first()).toBeVisible();
    const goalId = (await card.getAttribute("data-goal")) ?? "";

    const ada = await signIn(app, "ada@example.com");
    const declined = await fetch(`${app}/goals/${goalId}`, {
      method: "DELETE",
      headers: { authorization: ada, "content-type": "application/json" },
      body: JSON.stringify({ agree: false }),
    });
    expect(declined.status).toBe(202);

    await expect(card).toContainText("Declined");
    await expect(card).toContainText("Refund of $12.00 due");
    await expect(card.getByRole("timer", { name: "Time until the refund is due" })).toHaveText(/^0:0\d$/);
    await expect(card).not.toContainText("refunded");
    await expect(page.getByText("Coming back")).toBeVisible();
    await expect(card).toContainText("You can invite Ada again from");
    await expect(card.getByRole("timer", { name: "Time until you can invite Ada again" })).toHaveText(
      /^\d+:\d\d$/,
    );

    await expect(card).toContainText("$12.00 refunded", { timeout: 20_000 });
    await expect(step(page, "refunded")).toHaveAttribute("data-standing", "done");
    await expect(page.getByText("Coming back")).toHaveCount(0);

    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: app });
    await card.getByRole("link", { name: "Receipt of the invitation to Ada" }).click();
    await expect(page).toHaveURL(new RegExp(`/me/receipts/${goalId}$`));
    const receipt = page.getByRole("article", { name: "Receipt" });
    const ledger = await withDatabase(database, (db) =>
      db
        .collection("ledger_transfers")
        .find({ escrow_id: escrowIdOf(goalId) })
        .sort({ at: 1 })
        .toArray(),
    );
    expect(ledger.map(({ reason }) => reason)).toEqual(["prepayment", "refund"]);
    for (const heading of ["Prepayment", "Refund"])
      await expect(receipt.getByRole("heading", { name: heading })).toBeVisible();

    await receipt.getByRole("button", { name: "Copy" }).click();
    await expect(receipt.getByRole("button", { name: "Copied" })).toBeVisible();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    for (const transfer of ledger) {
      for (const told of [transfer._id, transfer["insert_id"], transfer["debit"], transfer["credit"]]) {
        await expect(receipt).toContainText(String(told));
        expect(copied).toContain(String(told));
      }
    }
    expect(copied).toContain(`Invitation number: ${goalId}`);
    expect(copied).toContain("Money: $12.00 refunded");
    expect(copied).toContain("State: Declined");
  });
});

test.describe("on the stack of all stories", () => {
  test.beforeAll(async () => {
    expect(await runCommand("demo-reset", [], environment())).toMatchObject({ code: 0 });
  });
  const wensGoal = () =>
    withDatabase(stack().database, async (db) => {
      const wen = await db.collection("user").findOne({ email: "wen@example.com" });
      const goal = await db.collection("goals").findOne({ "conditions.exclusive_to": wen?._id });
      return String(goal?._id);
    });

  test("on paper a receipt is the receipt alone", async ({ page }) => {
    await openAs(page, stack().app, "wen@example.com", `/me/receipts/${await wensGoal()}`);
    await expect(page.getByRole("article", { name: "Receipt" })).toBeVisible();
    await page.emulateMedia({ media: "print" });
    await expect(page.getByRole("heading", { name: "Receipt" })).toBeVisible();
    for (const part of [
      page.getByRole("banner"),
      page.getByRole("contentinfo"),
      page.getByRole("button", { name: "Print" }),
      page.getByRole("link", { name: "My invitations" }),
    ])
      await expect(part).toBeHidden();
  });

  test.describe("where something is refused", () => {
    test.use({ expectedErrors: /status of 404|ERR_FAILED/ });

    test("nobody reads another viewer's receipt", async ({ page }) => {
      await openAs(page, stack().app, "vic@example.com", `/me/receipts/${await wensGoal()}`);
      await expect(page.getByText("This invitation does not exist, or no longer does.")).toBeVisible();
      await expect(page.getByRole("article", { name: "Receipt" })).toHaveCount(0);
    });

    test("a page that cannot read says so, and goes on when it can", async ({ page }) => {
      await page.route("**/api/trpc/me.invitations*", (route) => route.abort());
      await openAs(page, stack().app, "vic@example.com");
      await expect(page.getByRole("main").getByRole("alert")).toContainText("This could not be loaded");
      await page.unroute("**/api/trpc/me.invitations*");
      await page.getByRole("button", { name: "Try again" }).click();
      await expect(cardOf(page, "Ada")).toContainText("$12.00 held");
    });
  });
});
