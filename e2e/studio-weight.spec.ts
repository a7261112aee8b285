import { gzipSync } from "node:zlib";
import { environment } from "#src/config/env.ts";
import { addInvitations } from "../bench/invitations.ts";
import { openAs } from "./support/accounts.ts";
import { stack, withDatabase } from "./support/stack.ts";
import { resetDemo } from "./support/studio.ts";
import { expect, test } from "./support/test.ts";

/** What the browser has measured, from the page's first moment on. */
interface Measured {
  shift: number;
  shifts: string[];
  slowest_ms: number;
}

test.beforeEach(() => resetDemo(environment()));

test("the studio's first scripts are under 250 kB on the wire", async ({ page }) => {
  const { app } = stack();
  await openAs(page, app, "ada@example.com", "/studio");
  const html = await (await page.request.get(`${app}/studio`)).text();
  const sources = [...html.matchAll(/<script\b([^>]*)\bsrc="([^"]+)"([^>]*)>/gi)]
    // Scripts for browsers without modules are loaded by none that the page runs in.
    .filter(([tag]) => !/nomodule/i.test(tag))
    .map(([, , source = ""]) => new URL(source.replaceAll("&amp;", "&"), app).href);
  const sizes = await Promise.all(
    [...new Set(sources)].map(
      async (source) => gzipSync(await (await page.request.get(source)).body()).length,
    ),
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  test.info().annotations.push({ type: "first scripts", description: `${total} bytes` });
  expect(sizes.length).toBeGreaterThan(3);
  expect(total).toBeLessThan(250_000);
});

test("with 100 invitations nothing jumps, and every click is answered within 200 ms", async ({ page }) => {
  const { app, database } = stack();
  await withDatabase(database, (db) => addInvitations(db, 97, "together"));
  await page.addInitScript(() => {
    const measured: Measured = { shift: 0, shifts: [], slowest_ms: 0 };
    Object.assign(window, { measured });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { hadRecentInput, value, sources } = entry as PerformanceEntry & {
          hadRecentInput: boolean;
          value: number;
          sources: { node: Element | null }[];
        };
        if (hadRecentInput) continue;
        measured.shift += value;
        for (const { node } of sources) measured.shifts.push((node?.outerHTML ?? "?").slice(0, 120));
      }
    }).observe({ type: "layout-shift", buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { interactionId?: number })[])
        if (entry.interactionId !== undefined && entry.interactionId > 0)
          measured.slowest_ms = Math.max(measured.slowest_ms, entry.duration);
    }).observe({ type: "event", durationThreshold: 16, buffered: true } as PerformanceObserverInit);
  });
  await openAs(page, app, "ada@example.com", "/studio");
  await expect(page.getByRole("article")).toHaveCount(100);
  await expect(page.locator("[data-live=live]")).toBeVisible();

  const decline = page.getByRole("button", { name: /^Decline .*invitation$/ });
  const undo = page.getByRole("button", { name: /^Undo declining/ });
  for (let place = 0; place < 5; place++) {
    await decline.nth(place * 7).click();
    await undo.first().click();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("d");
    await expect(undo).toHaveCount(1);
    await page.keyboard.press("u");
    await expect(undo).toHaveCount(0);
  }
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);

  const measured = await page.evaluate(() => (window as unknown as { measured: Measured }).measured);
  test.info().annotations.push({ type: "measured", description: JSON.stringify(measured) });
  expect(measured.shifts).toEqual([]);
  expect(measured.shift).toBe(0);
  expect(measured.slowest_ms).toBeGreaterThan(0);
  expect(measured.slowest_ms).toBeLessThan(200);
});
