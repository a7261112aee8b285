import { randomUUID } from "node:crypto";
import { expect, type Locator, type Page } from "@playwright/test";
import { ObjectId } from "mongodb";
import type { AuditAction, EffectId, GoalAction } from "#src/contract/console.ts";
import type { ReceiverId } from "#src/contract/receivers.ts";
import type { Source } from "#src/config/env.ts";
import { openDatabase, openMongo } from "#src/server/data/database.ts";
import { makeManyGoals } from "#src/testing/many-goals.ts";
import { runCommand } from "./command.ts";
import { withDatabase } from "./stack.ts";

/** How a procedure answered: what it gave, or the code of the problem. */
interface Answer {
  readonly status: number;
  readonly data: unknown;
  readonly problem: string | null;
}

/** Calls one of the console's procedures as a script does, without a page. */
export async function call(
  app: string,
  authorization: string,
  procedure: string,
  input: object,
  kind: "query" | "mutation" = "mutation",
): Promise<Answer> {
  const address = `${app}/api/trpc/admin.${procedure}`;
  const response =
    kind === "query"
      ? await fetch(`${address}?input=${encodeURIComponent(JSON.stringify(input))}`, {
          headers: { authorization },
        })
      : await fetch(address, {
          method: "POST",
          headers: { authorization, "content-type": "application/json" },
          body: JSON.stringify(input),
        });
  const body = (await response.json()) as {
    result?: { data: unknown };
    error?: { data: { problem: string | null } };
  };
  return {
    status: response.status,
    data: body.result?.data ?? null,
    problem: body.error?.data.problem ?? null,
  };
}

/** Acts on a goal by hand without a page, under a request of its own. */
export const actOn = (
  app: string,
  authorization: string,
  goalId: string,
  action: GoalAction,
  reason: string,
): Promise<Answer> =>
  call(app, authorization, "goals.act", { goal_id: goalId, action, reason, request_id: randomUUID() });

/** An entry of the audit log, as its procedure tells it. */
interface Entry {
  readonly id: string;
  readonly actor: { readonly id: string; readonly name: string };
  readonly role: string;
  readonly action: AuditAction;
  readonly target: string;
  readonly input: unknown;
  readonly before: unknown;
  readonly after: unknown;
  readonly reason: string;
  readonly status: string;
  readonly at: string;
  readonly completed: string | null;
}

/** What the audit log has of a target, the newest first. */
export async function entriesOf(app: string, authorization: string, target: string): Promise<Entry[]> {
  const { status, data } = await call(app, authorization, "audit.list", { filter: { target } }, "query");
  expect(status).toBe(200);
  return [...(data as { entries: Entry[] }).entries];
}

/** The one entry that an action of this reason has left: completed, with who did it, and what was before and after. */
export async function expectEntry(
  app: string,
  authorization: string,
  target: string,
  expected: {
    readonly action: AuditAction;
    readonly name: string;
    readonly role: string;
    readonly reason: string;
    readonly before?: unknown;
    readonly after?: unknown;
  },
): Promise<Entry> {
  const { name, ...rest } = expected;
  const own = (await entriesOf(app, authorization, target)).filter(
    ({ action, reason }) => action === expected.action && reason === expected.reason,
  );
  expect(own).toEqual([
    expect.objectContaining({ ...rest, actor: expect.objectContaining({ name }), status: "completed" }),
  ]);
  const [entry] = own;
  if (entry === undefined) throw new Error("there is none");
  expect(Date.parse(entry.completed ?? "")).toBeGreaterThanOrEqual(Date.parse(entry.at));
  return entry;
}

/** Makes many goals that have ended, fast, past the app; gives their ids, the last invited first. */
export async function addManyGoals(
  database: string,
  goals: Parameters<typeof makeManyGoals>[1],
): Promise<readonly string[]> {
  const client = openMongo(database);
  try {
    const services = { db: openDatabase(client), clock: () => new Date() };
    return (await makeManyGoals(services, goals)).goalIds;
  } finally {
    await client.close();
  }
}

/** Invites as the platform does, beside whatever there is; gives the goal's id. */
export async function inviteTo(env: Source, streamer: string, viewer: string): Promise<string> {
  const people = ["--streamer", `${streamer}@example.com`, "--viewer", `${viewer}@example.com`, "--force"];
  const { code, stdout, stderr } = await runCommand("invite", people, env);
  if (code !== 0) throw new Error(stderr);
  return (JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as { goal_id: string }).goal_id;
}

/** Waits until the last run of a receiver of this goal stands so. */
export const untilRun = (database: string, goalId: string, receiver: ReceiverId, status: string) =>
  withDatabase(database, (db) =>
    expect
      .poll(
        async () =>
          (
            await db
              .collection("receiver_runs")
              .find({ goal_id: new ObjectId(goalId), receiver })
              .sort({ started: -1 })
              .limit(1)
              .toArray()
          )[0]?.["status"],
        { timeout: 20_000, intervals: [50] },
      )
      .toBe(status),
  );

/** The ledger's transfers of a goal, in the order of their writing. */
export const transfersOf = (database: string, goalId: string) =>
  withDatabase(database, (db) =>
    db
      .collection("ledger_transfers")
      .find({ escrow_id: `trigger_exclusive:${goalId}` })
      .sort({ at: 1 })
      .toArray(),
  );

/** The parts of the console, as a person finds them. */
export const row = (page: Page, goalId: string): Locator =>
  page.getByRole("main").locator(`[data-goal="${goalId}"]`);
export const count = (page: Page): Locator => page.getByRole("main").locator("output[data-count]");
export const bar = (page: Page, name: EffectId, again = false): Locator =>
  page.locator(`#waterfall [data-bar=${name}]${again ? "[data-again]" : ":not([data-again])"}`);
export const dialog = (page: Page): Locator => page.getByRole("dialog");

/** Opens what can be done to the goal of this page. */
export async function openActions(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Actions", exact: true }).click();
  await expect(page.getByRole("menu")).toBeVisible();
}

/** Chooses an action of a goal's page from its menu. */
export async function chooseAction(page: Page, kind: Exclude<GoalAction["kind"], "retry">): Promise<void> {
  await openActions(page);
  await page.getByRole("menu").locator(`[data-action=${kind}]`).click();
}

/** Closes the dialog that says that an action is done. */
export async function closeDialog(page: Page): Promise<void> {
  await dialog(page).getByRole("button", { name: "Close" }).last().click();
  await expect(dialog(page)).toHaveCount(0);
}

/** Confirms the action that the open dialog previews, for this reason; it says then that it is done. */
export async function confirmAction(page: Page, reason: string): Promise<void> {
  await expect(dialog(page).locator("[data-preview]")).toBeVisible();
  await dialog(page).getByRole("textbox", { name: "Why" }).fill(reason);
  await dialog(page).locator("[data-confirm]").click();
  await expect(dialog(page).locator("[data-done]")).toBeVisible();
}

export const paletteField = (page: Page): Locator => page.getByRole("combobox", { name: "Search or jump" });

/** Opens the palette by its keys: from the moment that the page listens. */
export async function openPalette(page: Page): Promise<void> {
  await expect(async () => {
    if (await paletteField(page).isHidden()) await page.keyboard.press("Control+k");
    await expect(paletteField(page)).toBeFocused({ timeout: 2_000 });
  }).toPass();
}
