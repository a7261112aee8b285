import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { environment } from "#src/config/env.ts";
import { comeBack } from "./support/come-back.ts";
import { openAs, signIn } from "./support/accounts.ts";
import { runCommand } from "./support/command.ts";
import { ownStack } from "./support/own-stack.ts";
import { stack, withDatabase } from "./support/stack.ts";
import { expect, test } from "./support/test.ts";

/**
 * Pictures of every page and state, on demo data: `npm run screens`. The clock of the pages is as it is; all else is the same in
 * every run.
 */
const folder = fileURLToPath(new URL("../docs/screens/", import.meta.url));

interface Look {
  readonly width?: 1280 | 360;
  readonly scheme?: "light" | "dark";
  readonly locale?: "en" | "zh-Hant";
}

/** How the main pages are shown: desk and phone, light and dark, both languages. */
const looks: readonly [suffix: string, look: Look][] = [
  ["", {}],
  ["-dark", { scheme: "dark" }],
  ["-zh-Hant", { locale: "zh-Hant" }],
  ["-phone", { width: 360 }],
  ["-phone-dark-zh-Hant", { width: 360, scheme: "dark", locale: "zh-Hant" }],
];

async function wear(page: Page, app: string, { width = 1280, scheme = "light", locale = "en" }: Look) {
  await page.setViewportSize({ width, height: width === 360 ? 740 : 800 });
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
  await page.context().addCookies([{ name: "locale", value: locale, url: app }]);
}

async function shoot(page: Page, name: string): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: `${folder}${name}.png`, animations: "disabled", caret: "hide" });
}

/** Waits until a page that reads has read, and follows. */
async function read(page: Page): Promise<void> {
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  await expect(page.locator("[data-live=live]")).toBeVisible();
}

const goalWhere = (database: string, filter: object) =>
  withDatabase(database, async (db) => String((await db.collection("goals").findOne(filter))?._id));

const resetDemo = async () =>
  expect(await runCommand("demo-reset", [], environment())).toMatchObject({ code: 0 });

test.use({ expectedErrors: /status of 40[14]|ERR_FAILED|ERR_INTERNET/ });
test.beforeAll(async () => {
  await mkdir(folder, { recursive: true });
  await resetDemo();
});

test("the main pages, in every look", async ({ page }) => {
  const { app, database } = stack();
  const goal = await goalWhere(database, { "deactivated.reason": "declined" });
  const pages: readonly [name: string, email: string | null, path: string][] = [
    ["sign-in", null, "/sign-in"],
    ["studio", "ada@example.com", "/studio"],
    ["me", "wen@example.com", "/me"],
    ["receipt", "wen@example.com", `/me/receipts/${goal}`],
  ];
  for (const [name, email, path] of pages) {
    if (email !== null) await openAs(page, app, email);
    for (const [suffix, look] of looks) {
      await wear(page, app, look);
      await page.goto(`${app}${path}`);
      if (email !== null) await read(page);
      await shoot(page, `${name}${suffix}`);
    }
  }
});

test("the moderators' pages, and what there is not", async ({ page }) => {
  const { app, database } = stack();
  const goal = await goalWhere(database, { "deactivated.reason": "declined" });
  await wear(page, app, {});
  for (const [name, path] of [
    ["admin", "/admin"],
    ["admin-goals", "/admin/goals"],
    ["admin-effects", "/admin/goals?view=effects"],
    ["admin-goal", `/admin/goals/${goal}`],
  ] as const) {
    await openAs(page, app, "mod@example.com", path);
    await read(page);
    await shoot(page, name);
  }
  await page.goto(`${app}/no-such-page`);
  await shoot(page, "not-found");
});

test("a viewer's page that is loading, cannot read, is empty, or has lost its session", async ({ page }) => {
  const { app, database } = stack();
  await wear(page, app, {});
  const reading = "**/api/trpc/me.invitations*";

  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route(reading, async (route) => {
    await held;
    await route.continue();
  });
  await openAs(page, app, "vic@example.com", "/me");
  await expect(page.locator("[aria-busy=true]")).toBeVisible();
  await shoot(page, "me-loading");
  answer();
  await read(page);
  await page.unroute(reading);

  await page.route(reading, (route) => route.abort());
  await page.goto(`${app}/me`);
  await expect(page.getByRole("main").getByRole("alert")).toBeVisible();
  await shoot(page, "me-error");
  await page.unroute(reading);

  await page.goto(`${app}/me`);
  await read(page);
  await withDatabase(database, async (db) => db.collection("session").deleteMany({}));
  await comeBack(page);
  await expect(page.getByRole("dialog")).toBeVisible();
  await shoot(page, "session-ended");

  await withDatabase(database, async (db) => db.collection("goals").deleteMany({}));
  await openAs(page, app, "vic@example.com", "/me");
  await read(page);
  await shoot(page, "me-empty");
  await openAs(page, app, "ada@example.com", "/studio");
  await read(page);
  await shoot(page, "studio-empty");
  await resetDemo();
});

test("a wrong password", async ({ page }) => {
  const { app } = stack();
  await wear(page, app, {});
  await page.goto(`${app}/sign-in`);
  await page.getByLabel("E-mail").fill("ada@example.com");
  await page.getByLabel("Password", { exact: true }).fill("not it");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("main").getByRole("alert")).toBeVisible();
  await shoot(page, "sign-in-wrong");
});

test("the studio's states: a decline in its grace, cooldowns and today, offline", async ({ page }) => {
  const { app } = stack();
  for (const [suffix, look] of [
    ["", {}],
    ["-phone", { width: 360 }],
  ] as const) {
    await resetDemo();
    await wear(page, app, look);
    await openAs(page, app, "ada@example.com", "/studio");
    await read(page);
    await page.getByRole("button", { name: "Decline Vic's invitation" }).click();
    await expect(page.getByRole("button", { name: "Undo declining Vic's invitation" })).toBeVisible();
    await shoot(page, `studio-undo${suffix}`);
    await expect(page.getByRole("region", { name: "Pairs" })).toContainText("In cooldown", {
      timeout: 20_000,
    });
    await shoot(page, `studio-declined${suffix}`);
  }
  await resetDemo();
  await wear(page, app, {});
  await openAs(page, app, "ada@example.com", "/studio");
  await read(page);
  await page.context().setOffline(true);
  await expect(page.locator("[data-live=offline]")).toBeVisible({ timeout: 30_000 });
  await shoot(page, "studio-offline");
  await page.context().setOffline(false);
});

test("a refund that is due, with its clock", async ({ page }) => {
  await using cleanup = new AsyncDisposableStack();
  const own = await ownStack({ settings: { REFUND_DELAY_SECONDS: "3600" } });
  cleanup.defer(() => own.close());
  const { app, database } = own.description;
  const vic = await withDatabase(database, (db) =>
    db.collection("user").findOne({ email: "vic@example.com" }),
  );
  const goal = await goalWhere(database, { active: true, "conditions.exclusive_to": vic?._id });
  await fetch(`${app}/goals/${goal}`, {
    method: "DELETE",
    headers: { authorization: await signIn(app, "ada@example.com"), "content-type": "application/json" },
    body: '{"agree":false}',
  });
  for (const [suffix, look] of [
    ["", {}],
    ["-phone-dark", { width: 360, scheme: "dark" }],
  ] as const) {
    await wear(page, app, look);
    await openAs(page, app, "vic@example.com", "/me");
    await read(page);
    await expect(page.locator("[data-refund=due]")).toBeVisible();
    await shoot(page, `me-due${suffix}`);
  }
});
