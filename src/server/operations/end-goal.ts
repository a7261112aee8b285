import type { EndReason, GoalEnded } from "#src/contract/events.ts";
import type { GoalDocument } from "../data/documents.ts";
import { endGoal, findGoalEndedBy, keepCooldown } from "../data/goals.ts";
import type { Services } from "../services.ts";
import { announcePair } from "./announce.ts";

/** What `deactivate_goal` is asked to do, after its event was checked. Ids are hex. */
export interface EndRequest {
  readonly goalId: string;
  readonly streamerId: string;
  readonly triggerer: string;
  readonly eventId: string;
  readonly metadata: { readonly reason?: EndReason | undefined } | null;
}

/** A goal without its metadata, ready for the signal: ids are hex, times ISO 8601. */
type EndedGoal = Omit<GoalEnded, "metadata" | "triggerer"> & {
  readonly metadata: Pick<GoalEnded["metadata"], "insert_ids" | "user_id" | "prepaid_duration">;
  readonly endedAt: string;
  readonly reason: EndReason;
};

/**
 * The first write of `deactivate_goal`: the goal is no longer active, and its `exp` is not later than now. Null when
 * the goal does not match, and the task ends quietly. A second run, after a write whose answer was lost, recognises
 * its own work by the event's id and carries on with the same result.
 */
export async function endGoalOnce(services: Services, request: EndRequest): Promise<EndedGoal | null> {
  const now = services.clock();
  const reason = request.metadata?.reason ?? "declined";
  const before = await endGoal(services.db, {
    goalId: request.goalId,
    streamerId: request.streamerId,
    by: request.triggerer,
    eventId: request.eventId,
    reason,
    now,
  });
  // Told in either case: the run whose answer was lost may have died before it told.
  services.news.tell(request.goalId);
  if (before !== null) return endedGoal(before, { at: now, reason });
  const own = await findGoalEndedBy(services.db, request.goalId, request.eventId);
  return own?.deactivated === undefined ? null : endedGoal(own, own.deactivated);
}

/** Until when a goal that ended then keeps its viewer from inviting again: `TRIGGER_EXCLUSIVE_COOLDOWN` seconds. */
export const cooldownAfter = ({ settings }: Pick<Services, "settings">, ended: Date) =>
  new Date(ended.getTime() + settings.TRIGGER_EXCLUSIVE_COOLDOWN * 1_000);

/**
 * The second write: the cooldown, `TRIGGER_EXCLUSIVE_COOLDOWN` seconds after the goal's end. Only a goal that has none
 * gets one, so every retry finds the same; and only a decline starts one: null for every other end. Pages are told,
 * since from now on they show the goal as ended.
 */
export async function setCooldown(services: Services, goal: EndedGoal): Promise<string | null> {
  const cooldown = goal.reason === "declined" ? await cooldownOf(services, goal) : null;
  services.news.tell(goal.goal_id);
  await announcePair(services, {
    sessionId: goal.conditions.session_id,
    streamerId: goal.metadata.user_id,
    viewerId: goal.conditions.exclusive_to,
  });
  return cooldown;
}

/** The cooldown of a declined goal: the one it has, or the one it gets now. */
async function cooldownOf(services: Services, goal: EndedGoal): Promise<string> {
  const wanted = cooldownAfter(services, new Date(goal.endedAt));
  const cooldown = await keepCooldown(services.db, goal.goal_id, wanted);
  if (cooldown === null) throw new Error(`Goal ${goal.goal_id} has ended and is gone.`);
  return cooldown.toISOString();
}

/**
 * The signal's args: the goal as it ended, and the metadata of the task, the goal and the cooldown; later ones win. The
 * reason is the one that the write has recorded, whether or not the task's metadata says one. Without a cooldown of its
 * own the signal has none: what a task's metadata says of one is no cooldown.
 */
export function signalOf(goal: EndedGoal, request: EndRequest, cooldown: string | null): GoalEnded {
  const { endedAt: _, reason, ...args } = goal;
  const { cooldown: __, ...metadata }: Record<string, unknown> = { ...request.metadata };
  return {
    ...args,
    triggerer: request.triggerer,
    metadata: { ...metadata, reason, ...goal.metadata, ...(cooldown === null ? {} : { cooldown }) },
  };
}

/**
 * The signal of a goal that ended earlier, made from its document alone: for sending it again by hand. Null when the
 * goal was not ended by `deactivate_goal`: it goes on, was agreed to, or never began.
 */
export function signalOfEndedGoal(goal: GoalDocument): GoalEnded | null {
  const { deactivated } = goal;
  if (goal.active || goal.agreed != null || deactivated == null) return null;
  const { endedAt: _, reason, ...args } = endedGoal(goal, deactivated);
  const { cooldown } = goal.metadata;
  return {
    ...args,
    triggerer: deactivated.by.toHexString(),
    metadata: {
      reason,
      ...args.metadata,
      ...(cooldown == null ? {} : { cooldown: cooldown.toISOString() }),
    },
  };
}

/**
 * Gives a goal that was declined earlier the cooldown it lacks, as the task that ended it would have done. A goal that
 * was not declined, or has its cooldown, stays as it is.
 */
export async function mendCooldown(services: Services, goal: GoalDocument): Promise<void> {
  if (goal.deactivated?.reason !== "declined" || goal.metadata.cooldown != null) return;
  await setCooldown(services, endedGoal(goal, goal.deactivated));
}

/**
 * Reads a goal that has just ended, and must not fail: its end is written, and its signal has to go out. What an
 * imperfect document lacks is filled in by the least that can be said.
 */
const endedGoal = (
  goal: GoalDocument,
  { at: endedAt, reason }: { at: Date; reason: EndReason },
): EndedGoal => ({
  goal_id: goal._id.toHexString(),
  _cls: "TriggerExclusiveGoal",
  active: false,
  progress: Math.min(1, Math.max(0, Number(goal.progress) || 0)),
  levels: Array.isArray(goal.levels) ? goal.levels : [],
  conditions: {
    session_id: goal.conditions.session_id.toHexString(),
    exclusive_to: goal.conditions.exclusive_to.toHexString(),
  },
  context: { type: "trigger-exclusive", exclusive_to: goal.conditions.exclusive_to.toHexString() },
  exp: (goal.exp instanceof Date && goal.exp < endedAt ? goal.exp : endedAt).toISOString(),
  metadata: {
    insert_ids: (Array.isArray(goal.metadata.insert_ids) ? goal.metadata.insert_ids : []).map(String),
    user_id: goal.metadata.user_id.toHexString(),
    prepaid_duration: Number(goal.metadata.prepaid_duration) || 0,
  },
  endedAt: endedAt.toISOString(),
  reason,
});
