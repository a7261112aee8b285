import { AxeBuilder } from "@axe-core/playwright";
import { openAs } from "./support/accounts.ts";
import { stack } from "./support/stack.ts";
import { expect, test } from "./support/test.ts";

const pages: readonly [string, string | null, string][] = [
  ["/sign-in", null, "Sign in"],
  ["/studio", "ada@example.com", "Studio"],
  ["/me", "vic@example.com", "My invitations"],
  ["/admin", "mod@example.com", "Goals"],
];

for (const [path, email, heading] of pages)
  for (const colorScheme of ["light", "dark"] as const)
    test(`axe finds nothing serious on ${path} in ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      const { app } = stack();
      if (email === null) await page.goto(`${app}${path}`);
      else await openAs(page, app, email, path);
      await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
      await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
    });
