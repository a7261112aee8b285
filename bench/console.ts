import type { MongoClient } from "mongodb";
import { openDatabase } from "#src/server/data/database.ts";
import { makeManyGoals } from "#src/testing/many-goals.ts";

/** How many goals the console's lists are measured on. */
export const listed = 200_000;

/** The address of a page of the console's goals, as a page asks for it. */
const pageAddress = (app: string, filter: object) =>
  `${app}/api/trpc/admin.goals.list?input=${encodeURIComponent(JSON.stringify({ filter, limit: 50 }))}`;

/**
 * Fills the console's lists with goals that have ended, one in a hundred of them with a receiver that has failed, and
 * gives the pages to be measured, by name. It takes a minute or two.
 */
export async function fillLists(mongo: MongoClient, app: string): Promise<Record<string, string>> {
  const failed = Object.fromEntries(
    Array.from({ length: listed / 100 }, (_, n) => [
      n * 100 + 13,
      n % 3 === 0 ? ("notify_goal_ended" as const) : ("track_goals" as const),
    ]),
  );
  const db = openDatabase(mongo);
  const { streamerIds } = await makeManyGoals(
    { db, clock: () => new Date() },
    { count: listed, failed, withRuns: false },
  );
  return {
    "the newest": pageAddress(app, {}),
    "declined, by amount": pageAddress(app, { outcome: "declined", sort: "amount" }),
    "one streamer's expired": pageAddress(app, { streamer: streamerIds[0], outcome: "expired" }),
    "failed, of one receiver": pageAddress(app, { trouble: "failed", receiver: "notify_goal_ended" }),
  };
}
