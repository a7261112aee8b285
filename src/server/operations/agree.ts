import { type GoalState, goalState } from "#src/domain/goal.ts";
import type { GoalDocument } from "../data/documents.ts";
import { agreeToGoal, findGoal, goalFacts } from "../data/goals.ts";
import { setPairAgreed } from "../data/pairs.ts";
import type { Services } from "../services.ts";
import { announcePair } from "./announce.ts";

export type Agreed = { readonly goal_id: string } | { readonly refused: string };

/** Why a goal in this state cannot be agreed to. */
const ended: Record<Exclude<GoalState, "pending">, string> = {
  agreed: "was agreed to already",
  declined: "was declined",
  expired: "has run out",
  superseded: "gave way to another",
};

/**
 * A streamer agrees to an invitation, as the platform does it: the one write on the goal that decides every race, then the
 * session's pair, then pages are told. The money stays in escrow: it is paid out after the show, which is the platform's.
 * A goal whose pair was not marked, because somebody died in between, is mended on the way to the refusal.
 */
export async function agree(services: Services, goalId: string): Promise<Agreed> {
  const { db, clock } = services;
  const goal = await findGoal(db, goalId);
  if (goal === null) return { refused: `There is no invitation ${goalId}.` };
  const now = clock();
  const state = goalState(goalFacts(goal), now.getTime());
  if (state === "pending") {
    const before = await agreeToGoal(db, goalId, now);
    if (before !== null) {
      await mark(services, before, { at: now, restores: true });
      return { goal_id: goalId };
    }
    return { refused: "The invitation has ended in this moment." };
  }
  if (goal.agreed != null) await mark(services, goal, { at: goal.agreed.at, restores: false });
  return { refused: `The invitation ${ended[state]}.` };
}

async function mark(
  services: Services,
  goal: GoalDocument,
  agreed: { readonly at: Date; readonly restores: boolean },
): Promise<void> {
  const viewerId = goal.conditions.exclusive_to.toHexString();
  const sessionId = goal.conditions.session_id;
  services.news.tell(goal._id.toHexString());
  const { _id, created } = goal;
  await setPairAgreed(services.db, { sessionId, viewerId, goalId: _id, created, ...agreed });
  await announcePair(services, {
    sessionId: sessionId.toHexString(),
    streamerId: goal.metadata.user_id.toHexString(),
    viewerId,
  });
}
