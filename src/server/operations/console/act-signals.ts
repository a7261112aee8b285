import { goalDeactivate, goalEnded, goalEndedId, goalEndedRetry } from "#src/contract/events.ts";
import { ProblemError } from "#src/contract/problems.ts";
import type { ReceiverId } from "#src/contract/receivers.ts";
import type { Caller } from "#src/contract/roles.ts";
import { byHandEventId, retryEventId } from "#src/domain/actions.ts";
import { countEntries } from "../../data/audit-log.ts";
import type { GoalDocument } from "../../data/documents.ts";
import { findGoalEndedBy } from "../../data/goals.ts";
import { runsOfGoal } from "../../data/receiver-runs.ts";
import type { Services } from "../../services.ts";
import { signalOfEndedGoal } from "../end-goal.ts";
import { sendConfirmed } from "../send-confirmed.ts";
import { type Effect, type Plan, refuseUnlessAllowed } from "./plan.ts";

/** What became of an action that sends events: whether they came through is theirs to show. */
export const sentEffect = (event_ids: readonly string[]): Effect => ({
  result: { event_ids, moved: null },
  after: { event_ids },
});

/** The ids of the events by which these receivers of a goal run again, under this entry of the audit log. */
export const retryEventIds = (goalId: string, receivers: readonly ReceiverId[], auditId: string) =>
  receivers.map((receiver) => retryEventId(goalId, receiver, auditId));

/** Sends the signal again to these receivers alone, each by an event of its own under the entry's id. */
export async function sendRetries(
  services: Services,
  goal: GoalDocument,
  receivers: readonly ReceiverId[],
  auditId: string,
): Promise<Effect> {
  const signal = signalOfEndedGoal(goal);
  if (signal === null) throw new ProblemError("action_refused");
  const ids = retryEventIds(goal._id.toHexString(), receivers, auditId);
  const events = receivers.map((receiver, n) =>
    goalEndedRetry.create({ ...signal, receiver }, { id: ids[n] ?? "" }),
  );
  await sendConfirmed(services, events);
  return sentEffect(ids);
}

/** Runs receivers of the goal again. Which of them may do something again is theirs to know: each finds its own work. */
export async function retryPlan(
  services: Services,
  goal: GoalDocument,
  receivers: readonly ReceiverId[],
): Promise<Plan> {
  const runs = await runsOfGoal(services.db, goal._id.toHexString());
  const statuses = receivers.map((receiver) => [
    receiver,
    runs.findLast((run) => run.receiver === receiver)?.status ?? null,
  ]);
  return {
    action: "goal.retry",
    input: { receivers },
    before: { receivers: Object.fromEntries(statuses) },
    act: async (auditId) => {
      await refuseUnlessAllowed(services, goal, "retry");
      return sendRetries(services, goal, receivers, auditId);
    },
  };
}

/** How many times the signal was sent again before, as an entry says it. */
const resendsBefore = (before: unknown): number => Number((before as { resends?: unknown } | null)?.resends);

/** The id of a signal that is sent again: numbered, and the same for the same entry (readings, 4). Null without an end. */
export function resendEventId(goal: GoalDocument, before: unknown): string | null {
  const n = resendsBefore(before) + 1;
  const event_id = goal.deactivated?.event_id;
  return event_id === undefined || !Number.isSafeInteger(n)
    ? null
    : goalEndedId(goal._id.toHexString(), event_id, n);
}

/** Sends the signal again to all receivers. Two admins at the very same moment may share a number: it is sent once. */
export async function resendPlan(services: Services, goal: GoalDocument): Promise<Plan> {
  const target = `goal:${goal._id.toHexString()}`;
  return {
    action: "goal.resend_signal",
    input: null,
    before: { resends: await countEntries(services.db, target, "goal.resend_signal") },
    act: async (_, before) => {
      await refuseUnlessAllowed(services, goal, "resend_signal");
      const [signal, id] = [signalOfEndedGoal(goal), resendEventId(goal, before)];
      if (signal === null || id === null) throw new ProblemError("action_refused");
      await sendConfirmed(services, [goalEnded.create(signal, { id })]);
      return sentEffect([id]);
    },
  };
}

/**
 * Declines on behalf of the streamer, the same way as `DELETE /goals/<goal_id>`: by an event, under the same filters.
 * Who asked is the moderator. The task's own write decides every race.
 */
export function declinePlan(services: Services, caller: Caller, goal: GoalDocument): Plan {
  const goalId = goal._id.toHexString();
  return {
    action: "goal.decline",
    input: null,
    before: { active: goal.active, exp: goal.exp },
    act: async (auditId) => {
      const id = byHandEventId(auditId);
      // An earlier arrival of this request may have ended the goal already.
      if ((await findGoalEndedBy(services.db, goalId, id)) !== null) return sentEffect([id]);
      await refuseUnlessAllowed(services, goal, "decline");
      const event = goalDeactivate.create(
        {
          goal_id: goalId,
          filters: { active: true, metadata__user_id: goal.metadata.user_id.toHexString() },
          triggerer: caller.id,
          metadata: null,
        },
        { id },
      );
      await sendConfirmed(services, [event]);
      return sentEffect([id]);
    },
  };
}
