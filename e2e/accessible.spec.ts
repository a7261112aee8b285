import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { environment } from "#src/config/env.ts";
import { comeBack } from "./support/come-back.ts";
import { openAs, signIn } from "./support/accounts.ts";
import { actOn, chooseAction, dialog, openPalette } from "./support/console.ts";
import { stack, withDatabase } from "./support/stack.ts";
import { resetDemo } from "./support/studio.ts";
import { expect, test } from "./support/test.ts";

const declinedGoal = () =>
  withDatabase(stack().database, async (db) =>
    String((await db.collection("goals").findOne({ "deactivated.reason": "declined" }))?._id),
  );

const sessionOf = () =>
  withDatabase(stack().database, async (db) => String((await db.collection("sessions").findOne())?._id));

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
  ["/admin/ledger", "mod@example.com", /^Ledger$/],
  ["/admin/sessions", "mod@example.com", /^Sessions$/],
  ["/admin/sessions/:session", "mod@example.com", /^Ada's session$/],
  ["/admin/users", "root@example.com", /^Users$/],
  ["/admin/audit?target=goal::goal", "mod@example.com", /^Audit$/],
  ["/no-such-page", null, /^There is no such page$/],
];

async function findings(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

async function expectNothing(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", colorScheme);
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await findings(page), `${colorScheme}, ${width} wide`).toEqual([]);
    }
  }
}

const loaded = (page: Page) => expect(page.locator("[aria-busy=true]")).toHaveCount(0);

test.describe("axe finds nothing serious", () => {
  // The page that there is not says so to the browser as well.
  test.use({ expectedErrors: /status of 404 .*no-such-page/ });
  test.beforeAll(async () => {
    await resetDemo(environment());
    // Something was done by hand, so that there is something to show of it.
    const { app } = stack();
    const retry = { kind: "retry" as const, receivers: ["track_goals" as const] };
    const mod = await signIn(app, "mod@example.com");
    expect(await actOn(app, mod, await declinedGoal(), retry, "To have an entry.")).toMatchObject({
      status: 200,
    });
  });

  for (const [path, email, heading] of pages)
    test(`on ${path}, in either look, on a desk and on a phone`, async ({ page }) => {
      const { app } = stack();
      let address = path;
      if (path.includes(":goal")) address = address.replace(":goal", await declinedGoal());
      if (path.includes(":session")) address = address.replace(":session", await sessionOf());
      if (email === null) await page.goto(`${app}${address}`);
      else await openAs(page, app, email, address);
      await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
      await loaded(page);
      // What is folded away is looked at as well.
      for (const entry of await page.locator("[data-entry] > summary").all()) await entry.click();
      await expectNothing(page);
    });

  const opened: readonly [what: string, email: string, path: string, open: (page: Page) => Promise<void>][] =
    [
      [
        "the preview of an action",
        "mod@example.com",
        "/admin/goals/:goal",
        async (page) => {
          await chooseAction(page, "resend_signal");
          await expect(dialog(page).locator("[data-preview]")).toBeVisible();
        },
      ],
      [
        "the preview of an action on many goals",
        "mod@example.com",
        "/admin/goals",
        async (page) => {
          await page.getByRole("button", { name: "Retry what failed" }).click();
          await expect(dialog(page).locator("[data-extent]")).toBeVisible();
        },
      ],
      [
        "the change of a role",
        "root@example.com",
        "/admin/users",
        async (page) => {
          await page.getByRole("button", { name: "Change role: Mod" }).click();
          await dialog(page).getByLabel("New role").selectOption("admin");
        },
      ],
      ["the palette", "mod@example.com", "/admin", openPalette],
    ];
  for (const [what, email, path, open] of opened)
    test(`in ${what}, in either look, on a desk and on a phone`, async ({ page }) => {
      await openAs(page, stack().app, email, path.replace(":goal", await declinedGoal()));
      await loaded(page);
      await open(page);
      await loaded(page);
      await expectNothing(page);
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
