import type { Page } from "@playwright/test";
import { environment } from "#src/config/env.ts";
import { openAs } from "./support/accounts.ts";
import { runCommand } from "./support/command.ts";
import { stack, withDatabase } from "./support/stack.ts";
import { expect, test } from "./support/test.ts";

test.beforeAll(async () => {
  expect(await runCommand("demo-reset", [], environment())).toMatchObject({ code: 0 });
});

/** What the page's policy has kept it from, as the page itself is told. */
async function watchPolicy(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const refused: string[] = [];
    Object.assign(window, { refused });
    document.addEventListener("securitypolicyviolation", (event) => {
      refused.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
    });
  });
  return () => page.evaluate(() => (window as unknown as { refused: string[] }).refused);
}

/** An id that the demo data has. */
const someId = (collection: string, filter: Record<string, unknown>) =>
  withDatabase(stack().database, async (db) =>
    String((await db.collection(collection).findOne(filter))?._id),
  );

const goal = () => someId("goals", { "deactivated.reason": "declined" });
const session = () => someId("sessions", {});

/** Every page, whose it is, and how to open what lies on top of it. */
const pages: readonly [path: string, email: string | null, more?: (page: Page) => Promise<void>][] = [
  ["/sign-in", null],
  ["/no-such-page", null],
  [
    "/studio",
    "ada@example.com",
    async (page) => {
      await expect(page.locator("[data-live=live]")).toBeVisible();
      await page.keyboard.press("?");
      await expect(page.getByRole("dialog")).toBeVisible();
    },
  ],
  [
    "/me",
    "wen@example.com",
    async (page) => {
      await expect(page.locator("[data-live=live]")).toBeVisible();
    },
  ],
  ["/me/receipts/:goal", "wen@example.com"],
  ["/admin", "root@example.com"],
  [
    "/admin/goals",
    "root@example.com",
    async (page) => {
      await page.keyboard.press("?");
      await expect(page.getByRole("dialog")).toBeVisible();
      // The lock of the page's scrolling is a style of its own, made by the library behind the dialog, and it holds.
      await expect(page.locator("body")).toHaveCSS("overflow", "hidden");
    },
  ],
  ["/admin/goals/:goal", "root@example.com"],
  ["/admin/bulk", "root@example.com"],
  ["/admin/ledger", "root@example.com"],
  ["/admin/sessions", "root@example.com"],
  ["/admin/sessions/:session", "root@example.com"],
  ["/admin/users", "root@example.com"],
  [
    "/admin/audit",
    "root@example.com",
    async (page) => {
      await page.keyboard.press("Control+k");
      await expect(page.getByRole("dialog")).toBeVisible();
    },
  ],
];

test.describe("the content security policy lets everything of ours through", () => {
  // The page that there is not says so to the browser as well.
  test.use({ expectedErrors: /status of 404 .*no-such-page/ });

  for (const [path, email, more] of pages)
    test(`on ${path}`, async ({ page }) => {
      const { app } = stack();
      const refused = await watchPolicy(page);
      const address = path.replace(":goal", await goal()).replace(":session", await session());
      if (email === null) await page.goto(`${app}${address}`);
      else await openAs(page, app, email, address);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
      await more?.(page);
      expect(await refused()).toEqual([]);
    });
});

test.describe("and nothing else", () => {
  test.use({ expectedErrors: /Content Security Policy/ });

  test("a script or a style without the page's nonce does not run, and nothing reaches another host", async ({
    page,
  }) => {
    const refused = await watchPolicy(page);
    await page.goto(`${stack().app}/sign-in`);
    const found = await page.evaluate(async () => {
      const place = document.createElement("div");
      place.innerHTML = `<img src="data:," onerror="window.ran = 'handler'"><a id="link" href="javascript:window.ran='address'">.</a>`;
      document.body.append(place);
      const script = document.createElement("template");
      script.innerHTML = `<script>window.ran = 'script'</script><style>body{display:none}</style>`;
      document.body.append(document.importNode(script.content, true));
      document.getElementById("link")?.click();
      const away = await fetch("http://127.0.0.1:9/stolen").then(
        () => "sent",
        () => "refused",
      );
      return { ran: "ran" in window, display: getComputedStyle(document.body).display, away };
    });
    expect(found).toMatchObject({ ran: false, away: "refused" });
    expect(found.display).not.toBe("none");
    expect((await refused()).map((line) => line.split(" ")[0])).toEqual(
      expect.arrayContaining(["style-src-elem", "connect-src", "script-src-attr"]),
    );
  });

  test("no page of another site, and none of ours, can show it in a frame", async ({ page }) => {
    await page.goto(`${stack().app}/sign-in`);
    const refused = await page.evaluate(
      (address) =>
        new Promise<boolean>((resolve) => {
          const frame = document.createElement("iframe");
          frame.src = address;
          frame.addEventListener("load", () => resolve(frame.contentDocument?.querySelector("form") == null));
          document.body.append(frame);
        }),
      `${stack().app}/sign-in`,
    );
    expect(refused).toBe(true);
  });
});
