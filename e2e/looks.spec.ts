import type { Page } from "@playwright/test";
import { environment } from "#src/config/env.ts";
import { openAs } from "./support/accounts.ts";
import { runCommand } from "./support/command.ts";
import { stack, withDatabase } from "./support/stack.ts";
import { expect, test } from "./support/test.ts";

test.beforeAll(async () => {
  expect(await runCommand("demo-reset", [], environment())).toMatchObject({ code: 0 });
});

const settled = async (page: Page) => {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
};

const endedGoal = () =>
  withDatabase(stack().database, async (db) =>
    String((await db.collection("goals").findOne({ "deactivated.reason": "declined" }))?._id),
  );

const sessionOfDemo = () =>
  withDatabase(stack().database, async (db) => String((await db.collection("sessions").findOne())?._id));

test("the language is switched in place, and remembered", async ({ page }) => {
  await openAs(page, stack().app, "vic@example.com");
  await settled(page);
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await page.getByLabel("Language").selectOption("zh-Hant");
  await expect(page.getByRole("heading", { level: 1, name: "我的邀請" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-Hant");
  await expect(page.getByRole("article", { name: "給 Ada 的邀請" }).first()).toContainText("已保留 $12.00");
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "我的邀請" })).toBeVisible();
  await page.getByLabel("語言").selectOption("en");
  await expect(page.getByRole("heading", { level: 1, name: "My invitations" })).toBeVisible();
});

test("the look is switched, remembered, and there from the first frame on", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await openAs(page, stack().app, "vic@example.com");
  await settled(page);
  const look = page.getByRole("button", { name: "Dark look" });
  await expect(look).toHaveAttribute("aria-pressed", "false");
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await look.click();
  await expect(look).toHaveAttribute("aria-pressed", "true");
  await expect.poll(ground).not.toBe(light);

  await page.addInitScript(() => {
    const frames: string[] = [];
    Object.assign(window, { frames_seen: frames });
    const look = () => {
      const scheme = document.documentElement?.dataset["mantineColorScheme"];
      if (document.body !== null && scheme !== undefined) frames.push(scheme);
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.reload();
  await settled(page);
  await expect(look).toHaveAttribute("aria-pressed", "true");
  const seen = await page.evaluate(() => (window as unknown as { frames_seen: string[] }).frames_seen);
  expect(new Set(seen)).toEqual(new Set(["dark"]));
});

test("no page scrolls sideways, whatever the width and the language", async ({ page }) => {
  test.setTimeout(180_000);
  const { app } = stack();
  const goal = await endedGoal();
  const visits: readonly [string | null, readonly string[]][] = [
    [null, ["/sign-in"]],
    ["wen@example.com", ["/me", `/me/receipts/${goal}`]],
    ["ada@example.com", ["/studio"]],
    [
      "mod@example.com",
      [
        "/admin",
        "/admin/goals",
        "/admin/goals?view=effects",
        "/admin/bulk",
        `/admin/goals/${goal}`,
        `/admin/goals/${goal}?view=table`,
        "/admin/ledger",
        "/admin/ledger?view=transfers",
        "/admin/ledger?view=accounts",
        "/admin/sessions",
        `/admin/sessions/${await sessionOfDemo()}`,
        "/admin/users",
        "/admin/audit",
      ],
    ],
  ];
  for (const locale of ["en", "zh-Hant"]) {
    await page.context().addCookies([{ name: "locale", value: locale, url: app }]);
    for (const [email, paths] of visits) {
      for (const path of paths) {
        if (email === null) await page.goto(`${app}${path}`);
        else await openAs(page, app, email, path);
        await settled(page);
        for (const width of [360, 390, 768, 1280, 1920]) {
          await page.setViewportSize({ width, height: 800 });
          // What draws its own width hears of the page's after the page has it.
          await expect
            .poll(
              () =>
                page.evaluate(
                  () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
                ),
              { message: `${path} at ${width} in ${locale}` },
            )
            .toBeLessThanOrEqual(0);
        }
      }
    }
    await page.context().clearCookies();
  }
});
test("on a phone whatever is pressed is large enough to be hit", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 760 });
  await openAs(page, stack().app, "wen@example.com");
  await settled(page);
  for (const control of await page.locator("button:visible, a:visible, select:visible").all()) {
    if ((await control.getAttribute("href")) === "#main") continue;
    const box = await control.boundingBox();
    const name = await control.evaluate((element) => element.outerHTML.slice(0, 120));
    expect(Math.round(box?.height ?? 0), name).toBeGreaterThanOrEqual(44);
    expect(Math.round(box?.width ?? 0), name).toBeGreaterThanOrEqual(32);
  }
});

test("the keyboard skips to the content, and is seen wherever it is", async ({ page }) => {
  await openAs(page, stack().app, "vic@example.com");
  await settled(page);
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to the content" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const receipt = page.getByRole("link", { name: /^Receipt of/ }).first();
  await expect(receipt).toBeFocused();
  expect(await receipt.evaluate((element) => getComputedStyle(element).outlineStyle)).toBe("solid");
});
