import type { Page } from "@playwright/test";
import { environment } from "#src/config/env.ts";
import { openAs } from "./support/accounts.ts";
import { bar, dialog, openPalette, paletteField } from "./support/console.ts";
import { stack } from "./support/stack.ts";
import { goalOf, resetDemo } from "./support/studio.ts";
import { expect, test } from "./support/test.ts";

/** The console without a mouse. */

test.beforeAll(() => resetDemo(environment()));

const options = (page: Page) => page.getByRole("option");

test("the palette leads to a person by the beginning of an e-mail address, to a goal and to a page", async ({
  page,
}) => {
  const { app, database } = stack();
  const goalId = await goalOf(database, "Vic");
  await openAs(page, app, "mod@example.com", "/admin");
  await expect(page.locator("[data-light]")).toBeVisible();
  await openPalette(page);
  await page.keyboard.type("wen@");
  await expect(options(page).filter({ hasText: "wen@example.com" })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/admin\/users\?q=wen%40example\.com$/);
  await expect(page.getByRole("table", { name: "Users" }).getByText("wen@example.com")).toBeVisible();

  await openPalette(page);
  await page.keyboard.type(goalId);
  await expect(options(page).filter({ hasText: goalId })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/admin/goals/${goalId}$`));
  await expect(page.getByRole("heading", { level: 1, name: "Vic → Ada" })).toBeVisible();

  await openPalette(page);
  await page.keyboard.type("audit");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Audit" })).toBeVisible();
  await openPalette(page);
  await page.keyboard.press("Escape");
  await expect(paletteField(page)).toHaveCount(0);
});

test("a goal is declined on behalf of its streamer by the keyboard alone", async ({ page }) => {
  const { app, database } = stack();
  const goalId = await goalOf(database, "Xan");
  await openAs(page, app, "mod@example.com", `/admin/goals/${goalId}`);
  const actions = page.getByRole("button", { name: "Actions", exact: true });
  await actions.focus();
  await page.keyboard.press("Enter");
  const decline = page.getByRole("menu").locator("[data-action=decline]");
  await expect(page.getByRole("menu")).toBeVisible();
  for (
    let steps = 0;
    steps < 8 && !(await decline.evaluate((item) => item === document.activeElement));
    steps++
  )
    await page.keyboard.press("ArrowDown");
  await expect(decline).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(dialog(page).locator("[data-preview]")).toBeVisible();
  const why = dialog(page).getByRole("textbox", { name: "Why" });
  for (let steps = 0; steps < 12 && !(await why.evaluate((item) => item === document.activeElement)); steps++)
    await page.keyboard.press("Tab");
  await expect(why).toBeFocused();
  await page.keyboard.type("Ada has no hand free.");
  const confirm = dialog(page).locator("[data-confirm]");
  for (
    let steps = 0;
    steps < 8 && !(await confirm.evaluate((item) => item === document.activeElement));
    steps++
  )
    await page.keyboard.press("Tab");
  await expect(confirm).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(dialog(page).locator("[data-done]")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toHaveCount(0);
  await expect(bar(page, "trigger_exclusive_goal_escrow_refund")).toHaveAttribute("data-status", "done");
});
