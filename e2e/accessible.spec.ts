import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { comeBack } from "./support/come-back.ts";
import { openAs } from "./support/accounts.ts";
import { stack, withDatabase } from "./support/stack.ts";
import { expect, test } from "./support/test.ts";

const declinedGoal = () =>
  withDatabase(stack().database, async (db) =>
    String((await db.collection("goals").findOne({ "deactivated.reason": "declined" }))?._id),
  );

/** Every page: its address, whose it is, and its first heading. */
const pages: readonly [path: string, email: string | null, heading: RegExp][] = [
  ["/sign-in", null, /^Sign in$/],
  ["/studio", "ada@example.com", /^Studio$/],
  ["/me", "wen@example.com", /^My invitations$/],
  ["/me/receipts/:goal", "wen@example.com", /^Receipt$/],
  ["/admin", "mod@example.com", /^Overview$/],
  ["/admin/goals", "mod@example.com", /^Goals$/],
  ["/admin/goals?view=effects", "mod@example.com", /^Goals$/],
  ["/admin/bulk", "mod@example.com", /^Many goals at once$/],
  ["/admin/goals/:goal", "mod@example.com", /^Wen → Ada$/],
  ["/no-such-page", null, /^There is no such page$/],
];

async function findings(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

test.describe("axe finds nothing serious", () => {
  // The page that there is not says so to the browser as well.
  test.use({ expectedErrors: /status of 404 .*no-such-page/ });

  for (const [path, email, heading] of pages)
    test(`on ${path}, in either look, on a desk and on a phone`, async ({ page }) => {
      const { app } = stack();
      const address = path.includes(":goal") ? path.replace(":goal", await declinedGoal()) : path;
      if (email === null) await page.goto(`${app}${address}`);
      else await openAs(page, app, email, address);
      await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
      await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", colorScheme);
        for (const width of [1280, 360]) {
          await page.setViewportSize({ width, height: 800 });
          expect(await findings(page), `${colorScheme}, ${width} wide`).toEqual([]);
        }
      }
    });
});

test.describe("where signing in again is asked for", () => {
  test.use({ expectedErrors: /status of 401|status of 403/ });

  for (const colorScheme of ["light", "dark"] as const)
    test(`axe finds nothing serious in ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await openAs(page, stack().app, "vic@example.com");
      await expect(page.getByText("Live", { exact: true }).first()).toBeVisible();
      await page.context().clearCookies();
      await comeBack(page);
      await expect(page.getByRole("dialog", { name: "Please sign in again" })).toBeVisible();
      expect(await findings(page)).toEqual([]);
    });
});
