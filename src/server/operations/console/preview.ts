import type { GoalAction } from "#src/contract/console.ts";
import type { GoalEnded } from "#src/contract/events.ts";
import { escrowIdOf } from "#src/contract/ids.ts";
import { ProblemError } from "#src/contract/problems.ts";
import { type ReceiverId, receiverIds } from "#src/contract/receivers.ts";
import { decideAction } from "#src/domain/actions.ts";
import type { GoalDocument } from "../../data/documents.ts";
import { findGoal } from "../../data/goals.ts";
import { transfersOf } from "../../data/ledger.ts";
import { findRefundHold } from "../../data/refund-holds.ts";
import { findSession } from "../../data/sessions.ts";
import type { Services } from "../../services.ts";
import { refundWindowOf } from "../escrow.ts";
import { cooldownAfter, signalOfEndedGoal } from "../end-goal.ts";
import { actionFacts } from "./plan.ts";
import {
  field,
  fields,
  hints,
  type PreviewLine,
  type PreviewNote,
  type PreviewPart,
} from "./preview-lines.ts";
import { previewReceiver } from "./preview-receivers.ts";
import { moneyLines, refundPart } from "./preview-refund.ts";

/** What an action would do now, and what it would not because it is done already. Reading it changes nothing. */
export interface Preview {
  readonly action: GoalAction;
  readonly parts: readonly PreviewPart[];
  /** Why the action would be refused; null when it may be done. */
  readonly refused: PreviewNote | null;
  /** Everything is done already: the action is harmless, and does nothing but what is listed. */
  readonly harmless: boolean;
}

/** Looks at what an action on a goal would do now, as things stand. Writes nothing. Throws `goal_not_found`. */
export async function previewAction(
  services: Services,
  goalId: string,
  action: GoalAction,
): Promise<Preview> {
  const goal = await findGoal(services.db, goalId);
  if (goal === null) throw new ProblemError("goal_not_found");
  const decision = decideAction(action.kind, await actionFacts(services, goal));
  if (decision.kind === "refuse") return { action, parts: [], refused: decision.why, harmless: false };
  const parts = await partsOf(services, goal, action);
  const refused = action.kind === "refund_now" ? unmovable(parts) : null;
  const lasting = parts.some(({ changes }) => changes.some(isLasting));
  return { action, parts, refused, harmless: refused === null && !lasting };
}

/** What stays: the rest is said again, read again, or waited for. */
const isLasting = ({ kind }: PreviewLine) => kind === "database" || kind === "money";

/** Why a refund at once would move nothing, unless it is that it was moved already. */
function unmovable(parts: readonly PreviewPart[]): PreviewNote | null {
  if (parts.some(({ changes }) => changes.some(isLasting))) return null;
  const notes = parts.flatMap(({ unchanged }) => unchanged.map(({ note }) => note));
  return notes.includes("already_done") ? null : (notes[0] ?? "not_refundable");
}

async function partsOf(services: Services, goal: GoalDocument, action: GoalAction): Promise<PreviewPart[]> {
  switch (action.kind) {
    case "retry":
      return await signalled(services, goal, "goal.ended.retry", [...new Set(action.receivers)]);
    case "resend_signal":
      return await signalled(services, goal, "goal.ended", receiverIds);
    case "decline":
      return await declined(services, goal);
    case "hold_refund":
      return [await held(services, goal)];
    case "let_refund_go":
      return await letGo(services, goal);
    case "refund_now":
      return [await refundedNow(services, goal)];
  }
}

const own = (changes: PreviewPart["changes"], unchanged: PreviewPart["unchanged"] = []): PreviewPart => ({
  receiver: null,
  changes,
  unchanged,
});
const event = (name: string): PreviewLine => ({ kind: "event", name });

/** What these receivers would do with the goal's signal, were it sent now. */
async function signalled(
  services: Services,
  goal: GoalDocument,
  name: string,
  receivers: readonly ReceiverId[],
): Promise<PreviewPart[]> {
  const signal = signalOfEndedGoal(goal);
  return signal === null ? [] : [own([event(name)]), ...(await received(services, goal, signal, receivers))];
}

const received = (
  services: Services,
  goal: GoalDocument,
  signal: GoalEnded,
  receivers: readonly ReceiverId[],
) => Promise.all(receivers.map((receiver) => previewReceiver(services, receiver, { goal, signal })));

/** What a decline would write to the goal now, and what the receivers of its signal would then do. */
async function declined(services: Services, goal: GoalDocument): Promise<PreviewPart[]> {
  const now = services.clock();
  const exp = goal.exp < now ? goal.exp : now;
  const cooldown = goal.metadata.cooldown ?? cooldownAfter(services, now);
  const ended: GoalDocument = {
    ...goal,
    active: false,
    exp,
    metadata: { ...goal.metadata, cooldown },
    deactivated: { at: now, by: goal.metadata.user_id, event_id: "", reason: "declined" },
  };
  const { changes, unchanged } = fields("goals", goal._id.toHexString(), [
    ["active", goal.active, false],
    ["exp", goal.exp, exp],
    ["deactivated.at", null, now],
    ["deactivated.reason", null, "declined"],
    ["metadata.cooldown", goal.metadata.cooldown, cooldown],
  ]);
  const signal = signalOfEndedGoal(ended);
  return [
    own([...changes, event("goal.deactivate"), event("goal.ended")], unchanged),
    ...(signal === null ? [] : await received(services, ended, signal, receiverIds)),
  ];
}

/** The hold, and the money that it would keep where it is. */
async function held({ db }: Services, goal: GoalDocument): Promise<PreviewPart> {
  const id = goal._id.toHexString();
  const [transfers, session] = await Promise.all([
    transfersOf(db, escrowIdOf(id)),
    findSession(db, goal.conditions.session_id.toHexString()),
  ]);
  return own(
    [field("refund_holds", id, "_id", null, goal._id)],
    moneyLines(goal, transfers, session && refundWindowOf(session), true).unchanged,
  );
}

async function letGo(services: Services, goal: GoalDocument): Promise<PreviewPart[]> {
  const id = goal._id.toHexString();
  const signal = signalOfEndedGoal(goal);
  const removed = field("refund_holds", id, "_id", goal._id, null);
  return signal === null
    ? [own([removed])]
    : [own([removed, event("goal.ended.retry")]), await refundPart(services, goal, signal, true)];
}

/** A refund at once takes in what the session's time leaves out: somebody has looked. */
async function refundedNow({ db }: Services, goal: GoalDocument): Promise<PreviewPart> {
  const goalId = goal._id.toHexString();
  const escrowId = escrowIdOf(goalId);
  const [transfers, hold] = await Promise.all([transfersOf(db, escrowId), findRefundHold(db, goalId)]);
  const people = {
    streamerId: goal.metadata.user_id.toHexString(),
    viewerId: goal.conditions.exclusive_to.toHexString(),
  };
  const window = { userId: people.streamerId, nbf: 0, exp: null };
  const money = moneyLines(goal, transfers, window, hold !== null);
  return own(
    money.changes.length === 0 ? [] : [...money.changes, ...hints("refund.updated", people)],
    money.unchanged,
  );
}
