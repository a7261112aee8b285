import type { Document } from "bson";
import { MongoClient, ObjectId } from "mongodb";
import { signIn } from "./support/accounts.ts";
import { runCommand } from "./support/command.ts";
import { expectDeclined } from "./support/declined.ts";
import type { OwnStack } from "./support/own-stack.ts";
import { ownStack } from "./support/own-stack.ts";
import { expect, test } from "./support/test.ts";

/**
 * What happens when a process dies at the worst moment: the write is applied and nobody learns of it; the answer is on
 * its way; the money is about to move. Started again, every decline comes to the same end state, once.
 */

test.describe.configure({ timeout: 90_000 });

/** Vic's invitation to Ada, and Wen's beside it; gives Vic's goal. */
async function inviteBoth(stack: Pick<OwnStack, "env">): Promise<string> {
  const invite = async (viewer: string) => {
    const people = ["--streamer", "ada@example.com", "--viewer", `${viewer}@example.com`, "--force"];
    const { stdout, stderr } = await runCommand("invite", people, stack.env);
    const line = stdout.trim().split("\n").at(-1);
    if (line === undefined || line === "") throw new Error(stderr);
    return (JSON.parse(line) as { goal_id: string }).goal_id;
  };
  await invite("wen");
  return await invite("vic");
}

/** Declines as Ada. Gives the status, or null when the connection broke: the app was killed meanwhile. */
async function decline(app: string, authorization: string, goalId: string): Promise<number | null> {
  try {
    const response = await fetch(`${app}/goals/${goalId}`, {
      method: "DELETE",
      headers: { authorization, "content-type": "application/json" },
      body: '{"agree":false}',
    });
    return response.status;
  } catch {
    return null;
  }
}

async function withStackDatabase(
  stack: Pick<OwnStack, "description">,
  look: (client: MongoClient) => Promise<void>,
) {
  const client = new MongoClient(stack.description.database);
  try {
    await look(client);
  } finally {
    await client.close();
  }
}

/** The first update statement of a command, where it has one. */
const firstUpdate = (command: Document): Document =>
  ((command["updates"] as Document[] | undefined)?.[0]?.["u"] as Document | undefined) ?? {};
const firstInsert = (command: Document): Document =>
  (command["documents"] as Document[] | undefined)?.[0] ?? {};

const writes: readonly [string, (command: Document) => boolean][] = [
  [
    "the goal's end",
    // Not that of an invitation which is replaced: with it the app would die before it has taken the decline.
    (command) =>
      command["findAndModify"] === "goals" && command["update"]?.$set?.deactivated?.reason === "declined",
  ],
  [
    "the goal's cooldown",
    (command) => command["update"] === "goals" && "metadata.cooldown" in (firstUpdate(command)["$set"] ?? {}),
  ],
  [
    "the session's record of the end",
    (command) => command["update"] === "sessions" && Array.isArray(firstUpdate(command)),
  ],
  [
    "the removal of another invitation",
    (command) => command["update"] === "sessions" && "$unset" in firstUpdate(command),
  ],
  ["the analytics record", (command) => command["insert"] === "goal_tracks"],
  [
    "the refund in the ledger",
    (command) => command["insert"] === "ledger_transfers" && firstInsert(command)["reason"] === "refund",
  ],
];

test.describe("a decline comes to its one end state when the app is killed", () => {
  let stack: OwnStack<"mongodb" | "inngest">;
  let ada: string;
  test.beforeAll(async () => {
    stack = await ownStack({ tap: ["mongodb", "inngest"] });
    ada = await signIn(stack.description.app, "ada@example.com");
  });
  test.afterAll(() => stack.close());

  for (const [write, matches] of writes)
    test(`after ${write} was written, and before the step's answer`, async () => {
      const goalId = await inviteBoth(stack);
      const held = stack.taps.mongodb.holdReply(matches);
      const answered = decline(stack.description.app, ada, goalId);
      await held;
      await stack.kill("app");
      expect([202, null]).toContain(await answered);
      await stack.start();
      await withStackDatabase(stack, (client) => expectDeclined(client.db(), goalId));
    });

  test("before the refund is written to the ledger", async () => {
    const goalId = await inviteBoth(stack);
    const refund = writes.at(-1)?.[1] ?? (() => false);
    const held = stack.taps.mongodb.holdCommand(refund);
    await decline(stack.description.app, ada, goalId);
    await held;
    await stack.kill("app");
    await stack.start();
    await withStackDatabase(stack, (client) => expectDeclined(client.db(), goalId));
  });

  test("after Inngest took the request's event, and before the streamer had the answer", async () => {
    const goalId = await inviteBoth(stack);
    const held = stack.taps.inngest.holdReply(
      ({ path, body }) => path.startsWith("/e/") && body.includes("goal.deactivate"),
    );
    const answered = decline(stack.description.app, ada, goalId);
    await held;
    await stack.kill("app");
    expect(await answered).toBeNull();
    await stack.start();
    await withStackDatabase(stack, (client) => expectDeclined(client.db(), goalId));
    expect(await decline(stack.description.app, ada, goalId)).toBe(200);
  });

  test("after the signal was sent, and before the step's answer", async () => {
    const goalId = await inviteBoth(stack);
    const held = stack.taps.inngest.holdReply(
      ({ path, body }) => path.startsWith("/e/") && body.includes('"goal.ended"'),
    );
    await decline(stack.description.app, ada, goalId);
    await held;
    await stack.kill("app");
    await stack.start();
    await withStackDatabase(stack, (client) => expectDeclined(client.db(), goalId));
  });
});

test.describe("a decline comes to its one end state, with the refund not before its time,", () => {
  const delay_s = 4;
  let stack: OwnStack;
  let ada: string;
  test.beforeAll(async () => {
    stack = await ownStack({ settings: { REFUND_DELAY_SECONDS: String(delay_s) } });
    ada = await signIn(stack.description.app, "ada@example.com");
  });
  test.afterAll(() => stack.close());

  /** How long after the goal's end its money went back, in milliseconds. */
  const refundedAfter = async (client: MongoClient, goalId: string) => {
    const escrow = { escrow_id: `trigger_exclusive:${goalId}`, reason: "refund" };
    const [refund] = await client.db().collection<{ at: Date }>("ledger_transfers").find(escrow).toArray();
    const [goal] = await client
      .db()
      .collection<{ exp: Date }>("goals")
      .find({ _id: new ObjectId(goalId) })
      .toArray();
    return Number(refund?.at) - Number(goal?.exp);
  };

  for (const what of ["app", "services", "all"] as const)
    for (const when of ["right after its answer", "while the refund sleeps"] as const)
      test(`when ${what} is killed ${when}`, async () => {
        const goalId = await inviteBoth(stack);
        expect(await decline(stack.description.app, ada, goalId)).toBe(202);
        if (when === "while the refund sleeps")
          await withStackDatabase(stack, async (client) => {
            const waiting = {
              goal_id: new ObjectId(goalId),
              receiver: "trigger_exclusive_goal_escrow_refund",
              status: "waiting",
            };
            await expect.poll(() => client.db().collection("receiver_runs").countDocuments(waiting)).toBe(1);
          });
        await stack.kill(what);
        await stack.start();
        await withStackDatabase(stack, async (client) => {
          await expectDeclined(client.db(), goalId);
          expect(await refundedAfter(client, goalId)).toBeGreaterThanOrEqual(delay_s * 1_000);
        });
      });
});
