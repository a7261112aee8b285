import { type Db, ObjectId } from "mongodb";
import { newGoal } from "#src/server/operations/invite.ts";
import { escrowIdOf } from "#src/contract/ids.ts";
import { escrowAccount, holdId, viewerAccount } from "#src/domain/ledger.ts";

/**
 * Puts pending invitations of Ada's live session into the database, in bulk, each of a viewer of its own and with its
 * hold in the ledger; gives the goals' ids.
 */
export async function addInvitations(db: Db, count: number): Promise<string[]> {
  const ada = await db.collection("user").findOne({ email: "ada@example.com" });
  const session = await db.collection("sessions").findOne({ "user.id": ada?._id, "statuses.ended": null });
  if (ada === null || session === null) throw new Error("Ada is not live.");
  const now = new Date();
  const goals = Array.from({ length: count }, () => ({
    ...newGoal({
      sessionId: session._id,
      streamerId: ada._id,
      viewerId: new ObjectId(),
      prepaid_s: 600,
      now,
    }),
    active: true,
    progress: 1,
  }));
  const holds = goals.map((goal) => {
    const escrowId = escrowIdOf(goal._id.toHexString());
    return {
      _id: holdId(escrowId, 0) as never,
      insert_id: goal.metadata.insert_ids[0],
      debit: viewerAccount(goal.conditions.exclusive_to.toHexString()),
      credit: escrowAccount(escrowId),
      amount: 1_200,
      currency: "USD",
      at: now,
      escrow_id: escrowId,
      user_id: ada._id,
      reason: "prepayment",
    };
  });
  await db.collection("ledger_transfers").insertMany(holds);
  await db.collection("goals").insertMany(goals);
  const maps = goals.flatMap((goal) => {
    const viewerId = goal.conditions.exclusive_to.toHexString();
    return [
      [`trigger_private_goals.${viewerId}`, { goal: goal._id }],
      [`exclusive_goal_pairs.${viewerId}`, { created: now, trigger_exclusive_goal: goal._id }],
    ] as const;
  });
  await db.collection("sessions").updateOne({ _id: session._id }, { $set: Object.fromEntries(maps) });
  return goals.map((goal) => goal._id.toHexString());
}
