import { expect, type Page } from "@playwright/test";

/**
 * Comes back to a page whose session has ended, as from another tab, until the page has noticed: a reading that was under way
 * already answers for the one that coming back would have made.
 */
export async function comeBack(page: Page): Promise<void> {
  await expect(async () => {
    await page.evaluate(() => void window.dispatchEvent(new Event("visibilitychange")));
    await expect(page.getByRole("dialog")).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 15_000 });
}
