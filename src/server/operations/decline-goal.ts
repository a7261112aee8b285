import { randomUUID } from "node:crypto";
import { goalDeactivate } from "#src/contract/events.ts";
import { ProblemError } from "#src/contract/problems.ts";
import type { Caller } from "#src/contract/roles.ts";
import { decideDecline } from "#src/domain/goal.ts";
import { findGoal, goalFacts } from "../data/goals.ts";
import type { Services } from "../services.ts";
import { sendConfirmed } from "./send-confirmed.ts";

export type Declined =
  | { readonly status: "accepted"; readonly goal_id: string; readonly event_id: string }
  | { readonly status: "already_ended"; readonly goal_id: string; readonly ended: string };

/**
 * `DELETE /goals/<goal_id>`: triggers the task `deactivate_goal`, with the specification's filters, triggerer and
 * metadata, under `event_id`, which must be fresh. Accepting promises nothing but that the event is kept: the task's own write on
 * the goal decides every race. The goal is read while it is still settled who is asking, and nothing is said of it before.
 * Throws what that does, `goal_not_found`, `goal_not_active`, or `unavailable` when the event was not
 * confirmed in time: it may still arrive, and then does what was asked for.
 */
export async function declineGoal(
  services: Services,
  asking: Caller | Promise<Caller>,
  goalId: string,
  event_id: string = randomUUID(),
): Promise<Declined> {
  const [caller, goal] = await Promise.all([asking, findGoal(services.db, goalId)]);
  const decision = decideDecline(goal && goalFacts(goal), caller.id, services.clock().getTime());
  switch (decision.kind) {
    case "refuse":
      throw new ProblemError(decision.code);
    case "already-ended":
      return { status: "already_ended", goal_id: goalId, ended: new Date(decision.endedAt).toISOString() };
    case "end": {
      await send(services, goalId, caller.id, event_id);
      return { status: "accepted", goal_id: goalId, event_id };
    }
  }
}

const send = (services: Services, goalId: string, streamerId: string, eventId: string) =>
  sendConfirmed(services, [
    goalDeactivate.create(
      {
        goal_id: goalId,
        filters: { active: true, metadata__user_id: streamerId },
        triggerer: streamerId,
        metadata: null,
      },
      { id: eventId },
    ),
  ]);
