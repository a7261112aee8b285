import type { Page } from "@playwright/test";
import { environment } from "#src/config/env.ts";
import { receiverIds } from "#src/contract/receivers.ts";
import { openAs, signIn } from "./support/accounts.ts";
import { runCommand } from "./support/command.ts";
import { expectDeclined } from "./support/declined.ts";
import { listen } from "./support/listener.ts";
import { stack, withDatabase } from "./support/stack.ts";
import { expect, test } from "./support/test.ts";

const invitations = (page: Page) => page.getByRole("region", { name: "Invitations" });
const declineButton = (page: Page, viewer: string) =>
  page.getByRole("button", { name: `Decline ${viewer}'s invitation` });

/** Marks the page, so that a reload in between would be noticed. */
const mark = (page: Page) =>
  page.evaluate(() => void ((window as { unreloaded?: boolean }).unreloaded = true));
const isMarked = (page: Page) =>
  page.evaluate(() => (window as { unreloaded?: boolean }).unreloaded === true);

test.beforeAll(async () => {
  expect(await runCommand("demo-reset", [], environment())).toMatchObject({ code: 0 });
});

test("Ada declines Vic's invitation, and everyone sees what follows without a reload", async ({
  browser,
  page,
}) => {
  const { app, database } = stack();
  const ada = await signIn(app, "ada@example.com");
  const mod = await signIn(app, "mod@example.com");
  const sessionOf = async () =>
    withDatabase(database, async (db) => {
      const user = await db.collection("user").findOne({ email: "ada@example.com" });
      return await db.collection("sessions").findOne({ "user.id": user?._id, "statuses.ended": null });
    });
  const session = await sessionOf();
  const streamerId = String(session?.["user"].id);
  const channels = ["private-stream", "presence-stream", "private-user"].map(
    (kind) => `${kind}@${streamerId}`,
  );
  const listener = await listen(stack(), ada, channels);

  const open = async (email: string) => {
    const context = await browser.newContext();
    const opened = await context.newPage();
    await openAs(opened, app, email);
    return opened;
  };
  const second = await open("ada@example.com");
  const vic = await open("vic@example.com");
  await openAs(page, app, "ada@example.com");
  await expect(page).toHaveURL(/\/studio$/);
  await expect(vic).toHaveURL(/\/me$/);
  for (const studio of [page, second]) {
    for (const viewer of ["Vic", "Wen", "Xan"]) await expect(declineButton(studio, viewer)).toBeVisible();
    await expect(studio.getByText("Live", { exact: true }).first()).toBeVisible();
  }
  const vicsInvitation = vic.getByRole("article", { name: "Invitation to Ada" }).first();
  await expect(vicsInvitation).toContainText("Pending");
  await expect(vicsInvitation).toContainText("$12.00 held");
  for (const opened of [page, second, vic]) await mark(opened);

  // What is cached now must not be what is read afterwards.
  const read = async (path: string) =>
    (await (await fetch(`${app}${path}`, { headers: { authorization: ada } })).json()) as Record<
      string,
      unknown
    >;
  const cached = [
    `/sessions/${String(session?._id)}/token`,
    ...channels.map((name) => `/channels/${encodeURIComponent(name)}/data`),
  ];
  const before = await Promise.all(cached.map(read));
  expect(await Promise.all(cached.map(read))).toEqual(before);

  await declineButton(page, "Vic").click();

  for (const studio of [page, second]) {
    await expect(invitations(studio).getByRole("article")).toHaveCount(0);
    await expect(studio.getByRole("region", { name: "Pairs" })).toContainText("In cooldown");
  }
  await expect(vicsInvitation).toContainText("Declined");
  await expect(vicsInvitation).toContainText("$12.00 refunded");
  for (const opened of [page, second, vic]) expect(await isMarked(opened)).toBe(true);

  // The other two are closed with it, each by a signal of its own.
  const heard = await listener.until("goal.ended", 9);
  const goalId = (await vicsInvitation.getAttribute("data-goal")) ?? "";
  const goalOf = ({ data }: { data: unknown }) => (data as { goal_id: string }).goal_id;
  const byGoal = Map.groupBy(heard, goalOf);
  expect(byGoal.size).toBe(3);
  expect([...byGoal.keys()]).toContain(goalId);
  for (const told of byGoal.values())
    expect(told.map(({ channel }) => channel).toSorted()).toEqual(channels.toSorted());
  for (const { data } of heard)
    expect(Object.keys(data as object).toSorted()).toEqual(["exclusive_to", "exp", "goal_id", "signal_id"]);
  listener.close();

  await withDatabase(database, (db) => expectDeclined(db, goalId));
  const after = await Promise.all(cached.map(read));
  for (const [place, view] of after.entries()) expect(view).not.toEqual(before[place]);

  const moderator = await open("mod@example.com");
  await expect(moderator).toHaveURL(/\/admin$/);
  await moderator.goto(`${app}/admin/goals/${goalId}`);
  for (const receiver of receiverIds)
    await expect(moderator.getByText(receiver, { exact: true })).toBeVisible();
  expect((await fetch(`${app}/api/trpc/admin.goals.list`, { headers: { authorization: mod } })).status).toBe(
    200,
  );
});

test("who may see what is settled by role", async ({ page }) => {
  const { app } = stack();
  const vic = await signIn(app, "vic@example.com");
  for (const procedure of ["admin.goals.list", "studio.overview"])
    expect((await fetch(`${app}/api/trpc/${procedure}`, { headers: { authorization: vic } })).status).toBe(
      403,
    );
  await openAs(page, app, "vic@example.com", "/admin");
  await expect(page).toHaveURL(/\/me$/);
});
