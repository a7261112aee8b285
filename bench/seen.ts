import { setTimeout as wait } from "node:timers/promises";
import { type Browser, chromium, type Page } from "@playwright/test";
import { ObjectId } from "mongodb";
import { demoPassword } from "#src/contract/demo-accounts.ts";
import { environment } from "#src/config/env.ts";
import { ensureBrowser } from "#src/launcher/browser.ts";
import type { Bench, StackBenchmark } from "./benchmark.ts";
import { figureOf } from "./figures.ts";
import { addInvitations } from "./invitations.ts";
import { emptyDelete, paced } from "./load.ts";
import { untilSettled } from "./requests.ts";

const perSecond = 1;
const asked = 20;

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"];

async function open(browser: Browser, app: string, email: string, path: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  const response = await page.request.post(`${app}/api/auth/sign-in/email`, {
    headers: { origin: app },
    data: { email, password: demoPassword },
  });
  if (!response.ok()) throw new Error(`${email} cannot sign in: ${response.status()}`);
  await page.goto(`${app}${path}`);
  await page.locator("[data-live=live]").first().waitFor({ state: "attached", timeout: 20_000 });
  return page;
}

/** Has a viewer's page note when each of its invitations is drawn as declined, by the goal's id. */
const watch = (page: Page) =>
  page.evaluate(() => {
    const seen: Record<string, number> = {};
    Object.assign(window, { seen });
    const look = () => {
      for (const badge of document.querySelectorAll("article[data-goal] [data-state=declined]")) {
        const goalId = badge.closest<HTMLElement>("article[data-goal]")?.dataset["goal"] ?? "";
        // The frame after this one shows it.
        if (!(goalId in seen)) {
          seen[goalId] = 0;
          requestAnimationFrame(() => requestAnimationFrame(() => (seen[goalId] = Date.now())));
        }
      }
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributes: true });
    look();
  });

const seenOn = (page: Page) =>
  page.evaluate(() => (window as unknown as { seen: Record<string, number> }).seen);

/** Declines from a streamer's page, by its cookie; gives when the request went, in milliseconds since 1970. */
const declineFrom = (page: Page, goalId: string): Promise<number> =>
  page.evaluate((id) => {
    const sent = Date.now();
    void fetch(`/goals/${id}`, {
      method: "DELETE",
      headers: { "content-type": "application/json" },
      body: '{"agree":false}',
    });
    return sent;
  }, goalId);

async function measure(bench: Bench, streamer: Page, viewer: Page, goalIds: readonly string[]) {
  const sent = new Map<string, number>();
  const began = Date.now();
  for (const [place, goalId] of goalIds.entries()) {
    await wait(Math.max(0, began + (place * 1_000) / perSecond - Date.now()));
    sent.set(goalId, await declineFrom(streamer, goalId));
  }
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await wait(100)) {
    const seen = await seenOn(viewer);
    if (goalIds.every((goalId) => (seen[goalId] ?? 0) > 0)) {
      await untilSettled(bench, goalIds);
      return goalIds.map((goalId) => (seen[goalId] ?? 0) - (sent.get(goalId) ?? 0));
    }
  }
  throw new Error("The second page did not show every decline within half a minute.");
}

/**
 * Ada declines from one Chromium, and another, on Vic's page, shows it. The request goes straight from Ada's page: the
 * seconds in which a click can be undone are no part of what is measured.
 */
export const seen: StackBenchmark = {
  name: "seen",
  of: "stack",
  about:
    "A decline's request from one Chromium to the moment that another one, on the viewer's page, has drawn it.",
  async run(bench) {
    const { app } = bench.stack;
    const db = bench.mongo.db();
    const vic = await db.collection("user").findOne({ email: "vic@example.com" });
    const viewerId = new ObjectId(vic?._id);
    const warm = await addInvitations(db, 4, "apart", viewerId);
    const goals = await addInvitations(db, asked, "apart", viewerId);
    const executablePath = ensureBrowser(environment());
    await using cleanup = new AsyncDisposableStack();
    const [first, second] = await Promise.all(
      [0, 1].map(() => chromium.launch({ executablePath, args: flags })),
    );
    if (first === undefined || second === undefined) throw new Error("There are no two browsers.");
    cleanup.defer(() => first.close());
    cleanup.defer(() => second.close());
    const streamer = await open(first, app, "ada@example.com", "/studio");
    const viewer = await open(second, app, "vic@example.com", "/me");
    await viewer.locator("article[data-goal]").nth(asked).waitFor();
    await watch(viewer);
    await measure(bench, streamer, viewer, warm);
    bench.log(`${asked} declines, ${perSecond} a second`);
    const samples = await measure(bench, streamer, viewer, goals);
    const floor = await paced(
      app,
      20,
      Array.from({ length: 100 }, () => emptyDelete),
    );
    return {
      figures: [
        figureOf(
          "empty DELETE",
          floor.map(({ took_ms }) => took_ms),
        ),
        figureOf("request to shown", samples, {
          floor: "empty DELETE",
          targets: [{ of: "p95", most: 700 }],
        }),
      ],
      notes: ["Shown is the second frame after the page's change."],
    };
  },
};
