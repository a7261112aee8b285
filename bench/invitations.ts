import { type Db, ObjectId } from "mongodb";
import { newGoal } from "#src/server/operations/invite.ts";
import { escrowIdOf } from "#src/contract/ids.ts";
import { escrowAccount, holdId, viewerAccount } from "#src/domain/ledger.ts";

/**
 * Puts pending invitations to Ada into the database, in bulk, each of a viewer of its own (or all of `viewerId`) and with its hold in the ledger;
 * gives the goals' ids. They are together in the session that she is live in, as her page shows them; or each apart in a
 * session of its own, since a decline takes the other invitations of its session with it.
 */
export async function addInvitations(
  db: Db,
  count: number,
  where: "together" | "apart",
  viewerId?: ObjectId,
): Promise<string[]> {
  const ada = await db.collection("user").findOne({ email: "ada@example.com" });
  const live = await db.collection("sessions").findOne({ "user.id": ada?._id, "statuses.ended": null });
  if (ada === null || live === null) throw new Error("Ada is not live.");
  const now = new Date();
  const goals = Array.from({ length: count }, () => ({
    ...newGoal({
      sessionId: where === "together" ? live._id : new ObjectId(),
      streamerId: ada._id,
      viewerId: viewerId ?? new ObjectId(),
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
  const entries = goals.map((goal) => {
    const viewerId = goal.conditions.exclusive_to.toHexString();
    return {
      session_id: goal.conditions.session_id,
      record: [viewerId, { goal: goal._id }] as const,
      pair: [viewerId, { created: now, trigger_exclusive_goal: goal._id }] as const,
    };
  });
  if (where === "apart") {
    await db.collection("sessions").insertMany(
      entries.map(({ session_id, record, pair }) => ({
        _id: session_id,
        user: { id: ada._id },
        statuses: { created: now },
        trigger_private_goals: Object.fromEntries([record]),
        exclusive_goal_pairs: Object.fromEntries([pair]),
      })),
    );
  } else {
    const fields = entries.flatMap(({ record, pair }) => [
      [`trigger_private_goals.${record[0]}`, record[1]] as const,
      [`exclusive_goal_pairs.${pair[0]}`, pair[1]] as const,
    ]);
    await db.collection("sessions").updateOne({ _id: live._id }, { $set: Object.fromEntries(fields) });
  }
  return goals.map((goal) => goal._id.toHexString());
}
