import type { BrowserContext, Locator, Page } from "@playwright/test";
import { ObjectId } from "mongodb";
import type { Source } from "#src/config/env.ts";
import { runCommand } from "./command.ts";
import { withDatabase } from "./stack.ts";

/** The parts of a streamer's studio, as a person finds them. */
export const card = (page: Page, viewer: string): Locator =>
  page.getByRole("article", { name: `${viewer}'s invitation`, exact: true });
export const declineButton = (page: Page, viewer: string): Locator =>
  page.getByRole("button", { name: `Decline ${viewer}'s invitation`, exact: true });
export const undoButton = (page: Page, viewer: string): Locator =>
  page.getByRole("button", { name: `Undo declining ${viewer}'s invitation`, exact: true });
export const tray = (page: Page): Locator =>
  page.getByRole("region", { name: "Declines waiting to be sent" });
export const pairs = (page: Page): Locator => page.getByRole("region", { name: "Pairs" });
export const today = (page: Page): Locator => page.getByRole("region", { name: "Today" });

/** Makes the demo data anew. Whoever was signed in is no longer. */
export async function resetDemo(env: Source): Promise<void> {
  const { code, stderr } = await runCommand("demo-reset", [], env);
  if (code !== 0) throw new Error(stderr);
}

/** The pending goal of a viewer's invitation to Ada, or to somebody else: its id in hex. */
export async function goalOf(database: string, viewer: string, streamer = "Ada"): Promise<string> {
  return await withDatabase(database, async (db) => {
    const [host, guest] = await Promise.all(
      [streamer, viewer].map((name) =>
        db.collection("user").findOne({ email: `${name.toLowerCase()}@example.com` }),
      ),
    );
    const goal = await db.collection("goals").findOne({
      "metadata.user_id": host?._id,
      "conditions.exclusive_to": guest?._id,
      active: true,
    });
    if (goal === null) throw new Error(`${viewer} has no pending invitation to ${streamer}`);
    return goal._id.toHexString();
  });
}

/** Ada's id in hex. */
export const adaId = (database: string): Promise<string> =>
  withDatabase(database, async (db) =>
    String((await db.collection("user").findOne({ email: "ada@example.com" }))?._id),
  );

/** Changes a goal as another writer does, and tells nobody. */
export const setGoal = (database: string, goalId: string, fields: Record<string, unknown>) =>
  withDatabase(database, (db) =>
    db.collection("goals").updateOne({ _id: new ObjectId(goalId) }, { $set: fields }),
  );

/** Why the goal has ended, as the database has it; the empty text while it goes on, or when it was agreed to. */
export const endOf = (database: string, goalId: string): Promise<string> =>
  withDatabase(database, async (db) => {
    const goal = await db.collection("goals").findOne({ _id: new ObjectId(goalId) });
    return String(goal?.["deactivated"]?.reason ?? "");
  });

/** Whether the goal has ended by a decline, as the database has it. */
export const isDeclined = async (database: string, goalId: string): Promise<boolean> =>
  (await endOf(database, goalId)) === "declined";

/** Declines as a device that has no page does. Gives the status. */
export async function declineByApi(app: string, authorization: string, goalId: string): Promise<number> {
  const response = await fetch(`${app}/goals/${goalId}`, {
    method: "DELETE",
    headers: { authorization, "content-type": "application/json" },
    body: '{"agree":false}',
  });
  return response.status;
}

/** Counts the declines that the pages of a browser send, and how they were answered. */
export function watchDeclines(context: BrowserContext) {
  const statuses: number[] = [];
  let sent = 0;
  const isDecline = (method: string, url: string) => method === "DELETE" && url.includes("/goals/");
  context.on("request", (request) => {
    if (isDecline(request.method(), request.url())) sent += 1;
  });
  context.on("response", (response) => {
    if (isDecline(response.request().method(), response.url())) statuses.push(response.status());
  });
  return { statuses, sent: () => sent };
}

/** How many declines the browser keeps for later. */
export const keptDeclines = (page: Page): Promise<number> =>
  page.evaluate(
    () => Object.keys(localStorage).filter((key) => key.startsWith("goalkeeper.decline.")).length,
  );
