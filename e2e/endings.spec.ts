import type { Document } from "bson";
import { MongoClient, type Db } from "mongodb";
import { signIn } from "./support/accounts.ts";
import { runCommand } from "./support/command.ts";
import { expectDeclined, expectEnded } from "./support/declined.ts";
import { ownStack, type OwnStack } from "./support/own-stack.ts";
import { declineByApi } from "./support/studio.ts";
import { expect, test } from "./support/test.ts";

/** How invitations end that nobody declines: by the clock, by giving way, by an agreement. */

test.describe.configure({ timeout: 180_000 });

let stack: OwnStack<"mongodb" | "inngest">;
let ada: string;
let client: MongoClient;
test.beforeAll(async () => {
  stack = await ownStack({ tap: ["mongodb", "inngest"] });
  ada = await signIn(stack.description.app, "ada@example.com");
  client = new MongoClient(stack.description.database);
});
test.afterAll(async () => {
  await client?.close();
  await stack?.close();
});

const database = (): Db => client.db();
const decline = (goalId: string) => declineByApi(stack.description.app, ada, goalId);

/** Invites Ada as a viewer does, in the place of whatever there is; gives the goal's id. */
async function invite(viewer: string, ...more: string[]): Promise<string> {
  const people = ["--streamer", "ada@example.com", "--viewer", `${viewer}@example.com`, "--force", ...more];
  const { stdout, stderr } = await runCommand("invite", people, stack.env);
  const line = stdout.trim().split("\n").at(-1);
  if (line === undefined || line === "") throw new Error(stderr);
  return (JSON.parse(line) as { goal_id: string }).goal_id;
}
const agree = (goalId: string) => runCommand("invite", ["--agree", goalId], stack.env);

const ends = (reason: string) => (command: Document) =>
  command["findAndModify"] === "goals" && command["update"]?.$set?.deactivated?.reason === reason;

test("an invitation that nobody answers is refunded by itself, though the app dies while it ends", async () => {
  const goalId = await invite("vic", "--minutes", "0.02");
  // The clock comes by once a minute.
  await stack.taps.mongodb.holdReply(ends("expired"));
  await stack.kill("app");
  await stack.start();
  await expectEnded(database(), goalId, "expired", 60_000);
  expect(await decline(goalId)).toBe(409);
});

test("invitations that give way to a decline are refunded, though the app dies between asking and removing", async () => {
  const wens = await invite("wen");
  const goalId = await invite("vic");
  const held = stack.taps.inngest.holdReply(
    ({ path, body }) => path.startsWith("/e/") && body.includes("superseded") && body.includes(wens),
  );
  expect(await decline(goalId)).toBe(202);
  await held;
  await stack.kill("app");
  await stack.start();
  await expectDeclined(database(), goalId);
  await expectEnded(database(), wens, "superseded");
  expect(await decline(wens)).toBe(409);
});

test("an invitation that is replaced gives its money back before the new one stands", async () => {
  const first = await invite("xan");
  const second = await invite("xan", "--amount", "700");
  await expectEnded(database(), first, "superseded");
  expect(await decline(second)).toBe(202);
  await expectDeclined(database(), second);
});

test("an invitation that was agreed to keeps its money, and is neither declined nor agreed to again", async () => {
  const goalId = await invite("wen");
  const { code, stdout } = await agree(goalId);
  expect([code, stdout.trim().split("\n").at(-1)]).toEqual([0, JSON.stringify({ goal_id: goalId })]);
  expect(await decline(goalId)).toBe(409);
  const again = await agree(goalId);
  expect(again.code).toBe(1);
  expect(again.stderr).toContain("was agreed to already");
  const escrow_id = `trigger_exclusive:${goalId}`;
  const ledger = await database().collection("ledger_transfers").find({ escrow_id }).toArray();
  expect(ledger.map(({ reason }) => String(reason))).toEqual(["prepayment"]);
  expect((await agree("0".repeat(24))).code).toBe(1);
  expect((await agree("vic")).code).toBe(2);
});
