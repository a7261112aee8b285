import { environment } from "#src/config/env.ts";
import { openAs } from "./support/accounts.ts";
import { stack } from "./support/stack.ts";
import { declineButton, endOf, goalOf, keptDeclines, resetDemo, tray } from "./support/studio.ts";
import { expect, test } from "./support/test.ts";

test.beforeEach(() => resetDemo(environment()));

test.describe("when one decline closes the invitation that another is about", () => {
  // The request that comes second is told that there is nothing left to decline.
  test.use({ expectedErrors: /status of 409/ });

  test("Ada declines all who wait, one after the other, and nothing goes wrong", async ({ page }) => {
    const { app, database } = stack();
    await openAs(page, app, "ada@example.com", "/studio");
    const goals = await Promise.all(["Vic", "Wen", "Xan"].map((viewer) => goalOf(database, viewer)));
    for (const viewer of ["Vic", "Wen", "Xan"]) await declineButton(page, viewer).click();
    await expect(page.getByRole("article")).toHaveCount(0, { timeout: 20_000 });
    await expect.poll(() => keptDeclines(page)).toBe(0);
    await expect(tray(page)).toHaveCount(0);
    await expect(page.getByText("was not declined")).toHaveCount(0);
    // Each has ended: declined, or closed by the decline before it, whichever came first.
    for (const goalId of goals)
      await expect.poll(() => endOf(database, goalId)).toMatch(/^(declined|superseded)$/);
  });
});
