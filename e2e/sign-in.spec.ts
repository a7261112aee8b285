import { environment } from "#src/config/env.ts";
import { comeBack } from "./support/come-back.ts";
import { openAs } from "./support/accounts.ts";
import { runCommand } from "./support/command.ts";
import { stack, withDatabase } from "./support/stack.ts";
import { expect, test } from "./support/test.ts";

test.beforeAll(async () => {
  expect(await runCommand("demo-reset", [], environment())).toMatchObject({ code: 0 });
});

/** Ends every session of an account behind the pages' backs, as an expiry does. */
const endSessions = (email: string) =>
  withDatabase(stack().database, async (db) => {
    const user = await db.collection("user").findOne({ email });
    expect((await db.collection("session").deleteMany({ userId: user?._id })).deletedCount).toBeGreaterThan(
      0,
    );
  });

test("a demo account is one click away, and signing out ends it", async ({ page }) => {
  const { app } = stack();
  await page.goto(app);
  await page.getByRole("button", { name: /^Vic, viewer/ }).click();
  await expect(page).toHaveURL(/\/me$/);
  await expect(page.getByText("Signed in as Vic")).toBeVisible();
  await expect(page.getByText("Live", { exact: true }).first()).toBeVisible();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await page.goto(`${app}/me`);
  await expect(page).toHaveURL(/\/sign-in\?next=%2Fme$/);
});

test("who is sent to sign in comes to the page that was asked for, and never to another site", async ({
  page,
}) => {
  const { app } = stack();
  await page.goto(`${app}/me?from=mail`);
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await page.getByRole("button", { name: /^Vic, viewer/ }).click();
  await expect(page).toHaveURL(`${app}/me?from=mail`);
  await page.goto("about:blank");
  await page.context().clearCookies();
  await page.goto(`${app}/sign-in?next=//example.com/`);
  await page.getByRole("button", { name: /^Vic, viewer/ }).click();
  await expect(page).toHaveURL(`${app}/me`);
});

test.describe("refused", () => {
  test.use({ expectedErrors: /status of 401|status of 403/ });

  test("a wrong password is told in words, and the e-mail stays", async ({ page }) => {
    await page.goto(`${stack().app}/sign-in`);
    await page.getByLabel("E-mail").fill("vic@example.com");
    await page.getByLabel("Password", { exact: true }).fill("not the password");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("main").getByRole("alert")).toContainText(
      "The e-mail or the password is wrong.",
    );
    await expect(page.getByLabel("E-mail")).toHaveValue("vic@example.com");
    await page.getByLabel("Password", { exact: true }).fill("goalkeeper");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/me$/);
  });

  test("a session that ends under an open page is taken up again on top of it", async ({ page }) => {
    const { app } = stack();
    await openAs(page, app, "vic@example.com");
    const card = page.getByRole("article", { name: "Invitation to Ada" }).first();
    await expect(card).toContainText("$12.00 held");
    await expect(page.getByText("Live", { exact: true }).first()).toBeVisible();
    await page.evaluate(() => void ((window as { unreloaded?: boolean }).unreloaded = true));

    await endSessions("vic@example.com");
    const invite = ["--streamer", "bea@example.com", "--viewer", "vic@example.com", "--amount", "500"];
    expect(await runCommand("invite", invite, environment())).toMatchObject({ code: 0 });
    const dialog = page.getByRole("dialog", { name: "Please sign in again" });
    await expect(dialog).toBeVisible();
    await expect(dialog.getByLabel("E-mail")).toHaveValue("vic@example.com");
    await expect(card).toBeVisible();

    await dialog.getByLabel("Password", { exact: true }).fill("wrong");
    await page.keyboard.press("Enter");
    await expect(dialog.getByRole("alert")).toContainText("The e-mail or the password is wrong.");
    await dialog.getByLabel("Password", { exact: true }).fill("goalkeeper");
    await dialog.getByRole("button", { name: "Sign in and go on" }).click();
    await expect(dialog).toHaveCount(0);
    await expect(page.getByRole("article", { name: "Invitation to Bea" })).toContainText("$5.00 held");
    expect(await page.evaluate(() => (window as { unreloaded?: boolean }).unreloaded)).toBe(true);
  });

  test("a decline that finds the session gone waits for the sign-in, and then goes out", async ({ page }) => {
    const { app, database } = stack();
    await openAs(page, app, "bea@example.com");
    await expect(page.getByText("Live", { exact: true }).first()).toBeVisible();
    await page.getByRole("button", { name: "Decline Wen's invitation" }).click();
    await endSessions("bea@example.com");
    const dialog = page.getByRole("dialog", { name: "Please sign in again" });
    await expect(dialog).toBeVisible();
    await dialog.getByLabel("Password", { exact: true }).fill("goalkeeper");
    await page.keyboard.press("Enter");
    await expect(dialog).toHaveCount(0);
    await expect(page.getByRole("region", { name: "Pairs" })).toContainText("In cooldown");
    const declined = await withDatabase(database, async (db) => {
      const bea = await db.collection("user").findOne({ email: "bea@example.com" });
      return db
        .collection("goals")
        .countDocuments({ "metadata.user_id": bea?._id, "deactivated.reason": "declined" });
    });
    expect(declined).toBe(1);
  });

  test("who puts signing in off keeps the page, and a way back", async ({ page }) => {
    await openAs(page, stack().app, "xan@example.com");
    await expect(page.getByText("Live", { exact: true }).first()).toBeVisible();
    await endSessions("xan@example.com");
    await comeBack(page);
    const dialog = page.getByRole("dialog", { name: "Please sign in again" });
    await expect(dialog).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
    await expect(page.getByRole("article").first()).toBeVisible();
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await dialog.getByLabel("Password", { exact: true }).fill("goalkeeper");
    await page.keyboard.press("Enter");
    await expect(dialog).toHaveCount(0);
    await expect(page.getByRole("main").getByRole("alert")).toHaveCount(0);
  });
});
