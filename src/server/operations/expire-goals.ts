import { ObjectId } from "mongodb";
import { clockId, escrowIdOf } from "#src/contract/ids.ts";
import { escrowAccount, balanceOf } from "#src/domain/ledger.ts";
import { decideUnbegun, mendedAfter_ms } from "#src/domain/unbegun.ts";
import type { GoalDocument } from "../data/documents.ts";
import { closeUnbegun, findOverdue, findUnbegun, giveUpUnbegun } from "../data/endings.ts";
import { activateGoal } from "../data/goals.ts";
import type { Place } from "../data/keyset.ts";
import { transfersByEscrow } from "../data/ledger.ts";
import { findSessions, pairsOf } from "../data/sessions.ts";
import type { Services } from "../services.ts";
import { announcePair } from "./announce.ts";
import { askToExpire } from "./ask-to-end.ts";

/** How many goals are looked at in one go. */
const batch = 100;

/** A place in a walk over goals, as it survives between two steps: ISO 8601 and hex. */
export interface WalkedTo {
  readonly at: string;
  readonly id: string;
}

const placeOf = (walked: WalkedTo | null): Place<ObjectId> | null =>
  walked && { at: new Date(walked.at), id: new ObjectId(walked.id) };

/** Where the next batch begins; null when this was the last. */
const walkedTo = <Goal extends { _id: ObjectId }>(
  goals: readonly Goal[],
  timeOf: (goal: Goal) => Date,
): WalkedTo | null => {
  const last = goals.at(-1);
  return last === undefined || goals.length < batch
    ? null
    : { at: timeOf(last).toISOString(), id: last._id.toHexString() };
};

/** Asks for the end of the next batch of invitations that have run out; gives where the one after it begins. */
export async function expireBatch(services: Services, after: WalkedTo | null): Promise<WalkedTo | null> {
  const goals = await findOverdue(services.db, {
    now: services.clock(),
    after: placeOf(after),
    limit: batch,
  });
  await askToExpire(services, goals);
  return walkedTo(goals, ({ exp }) => exp);
}

/**
 * Mends the next batch of goals that were left half made: they begin, or what is held for them goes back. Each is one
 * write on a goal that has neither begun nor ended; whoever is still making it finds that out by its own write.
 */
export async function mendBatch(services: Services, after: WalkedTo | null): Promise<WalkedTo | null> {
  const { db, clock } = services;
  const before = new Date(clock().getTime() - mendedAfter_ms);
  const goals = await findUnbegun(db, { before, after: placeOf(after), limit: batch });
  const escrowIds = goals.map(({ _id }) => escrowIdOf(_id.toHexString()));
  const [transfers, sessions] = await Promise.all([
    transfersByEscrow(db, escrowIds),
    findSessions(
      db,
      goals.map(({ conditions }) => conditions.session_id),
    ),
  ]);
  const shown = new Set(
    sessions
      .filter(({ statuses }) => statuses.ended == null)
      .flatMap((session) =>
        [...pairsOf(session).values()].map((pair) => String(pair.trigger_exclusive_goal)),
      ),
  );
  for (const goal of goals) {
    const escrowId = escrowIdOf(goal._id.toHexString());
    await mend(services, goal, {
      balance: balanceOf(escrowAccount(escrowId), transfers.get(escrowId) ?? []),
      isShown: shown.has(goal._id.toHexString()),
    });
  }
  return walkedTo(goals, ({ created }) => created);
}

async function mend(
  services: Services,
  goal: GoalDocument,
  money: { readonly balance: number; readonly isShown: boolean },
): Promise<void> {
  const { db, clock } = services;
  const goalId = goal._id.toHexString();
  const now = clock();
  const facts = { created: goal.created.getTime(), exp: goal.exp.getTime(), ...money };
  switch (decideUnbegun(facts, now.getTime())) {
    case "wait":
      return;
    case "begin":
      await activateGoal(db, goal);
      await announcePair(
        services,
        {
          sessionId: goal.conditions.session_id.toHexString(),
          streamerId: goal.metadata.user_id.toHexString(),
          viewerId: goal.conditions.exclusive_to.toHexString(),
        },
        { name: "goal.created", goalId },
      );
      break;
    case "give_up":
      await giveUpUnbegun(db, [goal._id], now);
      break;
    case "close":
      await closeUnbegun(db, goal._id, {
        at: now,
        by: clockId,
        eventId: `close:${goalId}`,
        reason: "expired",
      });
  }
  services.news.tell(goalId);
}
