import { type Db, ObjectId } from "mongodb";
import { newGoal } from "#src/server/operations/invite.ts";
import { escrowIdOf } from "#src/contract/ids.ts";
import { escrowAccount, holdId, viewerAccount } from "#src/domain/ledger.ts";

/**
 * Puts pending invitations to Ada into the database, in bulk, each of a viewer of its own and with its hold in the ledger;
 * gives the goals' ids. Each is in a live session of its own: a decline takes the other invitations of its session with it.
 */
export async function addInvitations(db: Db, count: number): Promise<string[]> {
  const ada = await db.collection("user").findOne({ email: "ada@example.com" });
  if (ada === null) throw new Error("There is no Ada.");
  const now = new Date();
  const goals = Array.from({ length: count }, () => ({
    ...newGoal({
      sessionId: new ObjectId(),
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
  const sessions = goals.map((goal) => {
    const viewerId = goal.conditions.exclusive_to.toHexString();
    return {
      _id: goal.conditions.session_id,
      user: { id: ada._id },
      statuses: { created: now },
      trigger_private_goals: { [viewerId]: { goal: goal._id } },
      exclusive_goal_pairs: { [viewerId]: { created: now, trigger_exclusive_goal: goal._id } },
    };
  });
  await db.collection("sessions").insertMany(sessions);
  return goals.map((goal) => goal._id.toHexString());
}
