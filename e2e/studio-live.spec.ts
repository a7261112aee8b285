import { openAs, signIn } from "./support/accounts.ts";
import { ownStack } from "./support/own-stack.ts";
import { declineButton, declineByApi, goalOf, pairs } from "./support/studio.ts";
import { runCommand } from "./support/command.ts";
import { expect, test } from "./support/test.ts";

test.describe.configure({ timeout: 120_000 });

test.describe("when Pusher dies", () => {
  test.use({ expectedErrors: /WebSocket connection|ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET/ });

  test("pages say so, go on by looking for themselves, and are live within 2 s of its return", async ({
    page,
  }) => {
    await using cleanup = new AsyncDisposableStack();
    const stack = await ownStack({ tap: ["pusher"] });
    cleanup.defer(() => stack.close());
    const { app, database } = stack.description;
    const phone = await signIn(app, "ada@example.com");
    const live = (state: string) => page.locator(`[data-live=${state}]`);
    await openAs(page, app, "ada@example.com", "/studio");
    await expect(live("live")).toBeVisible();

    await stack.taps.pusher.cut();
    await expect(live("reconnecting")).toBeVisible();
    await expect(page.getByText("Until then the page looks every few seconds.")).toBeVisible();
    // What happens meanwhile comes by looking.
    expect(await declineByApi(app, phone, await goalOf(database, "Vic"))).toBe(202);
    await expect(pairs(page)).toContainText("In cooldown");
    await expect(live("offline")).toBeVisible({ timeout: 20_000 });

    const people = ["--streamer", "ada@example.com", "--viewer", "wen@example.com", "--force"];
    expect(await runCommand("invite", people, stack.env)).toMatchObject({ code: 0 });
    await expect(declineButton(page, "Wen")).toBeVisible();

    const back = Date.now();
    await stack.taps.pusher.mend();
    await expect(live("live")).toBeVisible();
    expect(Date.now() - back).toBeLessThan(2_000);
    await expect(page.getByText("Changes appear here by themselves.")).toBeVisible();
    const readings: number[] = [];
    page.on("response", (response) => {
      if (response.url().includes("studio.overview")) readings.push(response.status());
    });
    expect(await declineByApi(app, phone, await goalOf(database, "Wen"))).toBe(202);
    await expect(declineButton(page, "Wen")).toHaveCount(0, { timeout: 2_500 });
    expect(readings.every((status) => status === 200)).toBe(true);
  });
});
