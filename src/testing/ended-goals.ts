import { createHash } from "node:crypto";
import { ObjectId } from "mongodb";
import { goalEndedId } from "#src/contract/events.ts";
import { escrowIdOf } from "#src/contract/ids.ts";
import type { ReceiverId, ReceiverStatus } from "#src/contract/receivers.ts";
import { escrowAccount, holdId, viewerAccount } from "#src/domain/ledger.ts";
import type { GoalDocument, ReceiverRunDocument } from "#src/server/data/documents.ts";
import { newGoal } from "#src/server/operations/invite.ts";
import { refreshSummaries } from "#src/server/operations/console/summaries.ts";
import type { Services } from "#src/server/services.ts";

/** Many goals of one streamer. Ids are hex. */
export interface EndedGoals {
  readonly streamerId: string;
  readonly goalIds: readonly string[];
}

/**
 * Writes goals that were declined just now, all of one streamer and without a session, each with a hold of `amount` and
 * one run of one receiver; and their summaries. Written at once, for tests of many.
 */
export async function writeEndedGoals(
  services: Services,
  count: number,
  {
    receiver = "notify_goal_ended",
    status = "failed",
    amount = 1_200,
    currency = "USD",
    streamerId = new ObjectId(),
  }: {
    receiver?: ReceiverId;
    status?: ReceiverStatus;
    amount?: number;
    currency?: string;
    streamerId?: ObjectId;
  } = {},
): Promise<EndedGoals> {
  const now = services.clock();
  const goals = Array.from({ length: count }, (): GoalDocument => {
    const goal = newGoal({
      sessionId: new ObjectId(),
      streamerId,
      viewerId: new ObjectId(),
      prepaid_s: 600,
      now,
    });
    goal.exp = now;
    goal.metadata.cooldown = new Date(now.getTime() + 600_000);
    goal.deactivated = {
      at: now,
      by: streamerId,
      event_id: `test-${goal._id.toHexString()}`,
      reason: "declined",
    };
    return goal;
  });
  const goalIds = goals.map(({ _id }) => _id.toHexString());
  const { driver } = services.db;
  await driver.collection<GoalDocument>("goals").insertMany(goals);
  await driver.collection<{ _id: string }>("ledger_transfers").insertMany(
    goals.map((goal) => {
      const escrowId = escrowIdOf(goal._id.toHexString());
      return {
        _id: holdId(escrowId, 0),
        insert_id: new ObjectId(createHash("sha256").update(escrowId).digest("hex").slice(0, 24)),
        debit: viewerAccount(goal.conditions.exclusive_to.toHexString()),
        credit: escrowAccount(escrowId),
        amount,
        currency,
        at: now,
        escrow_id: escrowId,
        user_id: streamerId,
        reason: "prepayment",
      };
    }),
  );
  await driver.collection<ReceiverRunDocument>("receiver_runs").insertMany(
    goals.map(({ _id }) => ({
      _id: new ObjectId(),
      goal_id: _id,
      receiver,
      event_id: goalEndedId(_id.toHexString(), `test-${_id.toHexString()}`),
      status,
      attempt: 0,
      started: now,
      finished: now,
    })),
  );
  await refreshSummaries(services, goalIds);
  return { streamerId: streamerId.toHexString(), goalIds };
}
