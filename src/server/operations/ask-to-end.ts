import type { ObjectId } from "mongodb";
import { type EndReason, expiryId, goalDeactivate, supersessionId } from "#src/contract/events.ts";
import { clockId } from "#src/contract/ids.ts";
import { giveUpUnbegun, type OverdueGoal } from "../data/endings.ts";
import type { Services } from "../services.ts";
import { sendConfirmed } from "./send-confirmed.ts";

/** Asks the task `deactivate_goal` for one goal's end. Ids are hex. */
const ending = (goal: {
  goalId: string;
  streamerId: string;
  triggerer: string;
  eventId: string;
  reason: EndReason;
}) =>
  goalDeactivate.create(
    {
      goal_id: goal.goalId,
      filters: { active: true, metadata__user_id: goal.streamerId },
      triggerer: goal.triggerer,
      metadata: { reason: goal.reason },
    },
    { id: goal.eventId },
  );

/**
 * Asks for the end of invitations that have run out. Nobody asks but the clock, and it is named. Throws `unavailable`
 * when Inngest has not confirmed it in time; asking again does no more.
 */
export async function askToExpire(services: Services, goals: readonly OverdueGoal[]): Promise<void> {
  if (goals.length === 0) return;
  const now = services.clock().getTime();
  await sendConfirmed(
    services,
    goals.map(({ _id, exp, metadata }) =>
      ending({
        goalId: _id.toHexString(),
        streamerId: metadata.user_id.toHexString(),
        triggerer: clockId,
        eventId: expiryId(_id.toHexString(), exp.getTime(), now),
        reason: "expired",
      }),
    ),
  );
}

/**
 * Asks for the end of pending invitations that give way to `cause` (see `supersessionId`). One that is only just being
 * made has to have begun before it can end; from then on nobody can begin it any more. To be called before the pair is
 * changed: whoever dies in between has ended them already. Throws `unavailable`, as `askToExpire` does.
 */
export async function askToSupersede(
  services: Services,
  goalIds: readonly ObjectId[],
  { streamerId, triggerer, cause }: { streamerId: string; triggerer: string; cause: string },
): Promise<void> {
  if (goalIds.length === 0) return;
  await giveUpUnbegun(services.db, goalIds, services.clock());
  await sendConfirmed(
    services,
    goalIds.map((goalId) =>
      ending({
        goalId: goalId.toHexString(),
        streamerId,
        triggerer,
        eventId: supersessionId(goalId.toHexString(), cause),
        reason: "superseded",
      }),
    ),
  );
}
