import { escrowIdOf } from "#src/contract/ids.ts";
import { goalEndedTargets } from "#src/contract/channels.ts";
import { receiverIds } from "#src/contract/receivers.ts";

/** What people have done about a goal, and were told. Ids are hex, times milliseconds since the epoch. */
export interface Story {
  readonly goalId: string;
  readonly streamerId: string;
  readonly viewerId: string;
  readonly amount: number;
  /** When it runs out. */
  readonly standsUntil: number;
  /** Whether anybody has asked for its end, and whether that was accepted. */
  readonly declined: boolean;
  readonly accepted: boolean;
  readonly agreed: boolean;
  /** Whether its viewer has put another one in its place. */
  readonly replaced: boolean;
  /** Whether another goal of the session was asked to be ended, so that this one may have given way. */
  readonly hasRivals: boolean;
}

/** An entry of one of the session's two maps: the pair, or the record of the invitation. */
interface Entry {
  readonly goalId: string;
  readonly ended?: number;
  readonly cooldown?: number;
}

/** What is found of a goal when everything is quiet. */
export interface Found {
  readonly goal: {
    readonly active: boolean;
    readonly created: number;
    readonly cooldown?: number;
    readonly agreed?: number;
    readonly deactivated?: { readonly at: number; readonly reason: string; readonly event_id: string };
  } | null;
  readonly record: Entry | null;
  readonly pair: Entry | null;
  readonly runs: readonly {
    readonly receiver: string;
    readonly status: string;
    readonly event_id: string;
    readonly reason?: string;
  }[];
  readonly transfers: readonly {
    readonly id: string;
    readonly debit: string;
    readonly credit: string;
    readonly amount: number;
    readonly reason: string;
  }[];
  readonly tracks: number;
  /** The channels to which each signal of the goal's end was pushed, by the signal's id. */
  readonly pushes: readonly { readonly signalId: string; readonly channels: readonly string[] }[];
}

type Ending = "declined" | "expired" | "superseded";

const sumOf = (account: string, { transfers }: Found) =>
  transfers.reduce(
    (sum, { debit, credit, amount }) =>
      sum + (credit === account ? amount : 0) - (debit === account ? amount : 0),
    0,
  );

/** By what a goal is judged. */
export interface Judging {
  readonly now: number;
  readonly cooldown_s: number;
  /** When the session's last decline was written; its other invitations from before have given way. */
  readonly lastDecline: number | null;
}

/** What is wrong with a goal, in a line each; nothing when all is as the readings have it. */
export function judge(story: Story, found: Found, judging: Judging): string[] {
  const { now, cooldown_s } = judging;
  const { goal } = found;
  if (goal === null) return ["the goal is gone"];
  if (goal.agreed !== undefined && goal.deactivated !== undefined)
    return ["it was agreed to, and has ended too"];
  if (goal.active) return judgePending(story, found, goal.created, judging);
  if (goal.agreed !== undefined) return judgeAgreed(story, found);
  if (goal.deactivated === undefined) return ["it has neither begun nor ended"];
  const reason = goal.deactivated.reason as Ending;
  return [
    ...(isAllowed(reason, story, now) ? [] : [`it has ended as ${reason}, and nobody asked for that`]),
    ...judgeEnded(story, found, goal.deactivated),
    ...(reason === "declined"
      ? judgeDeclined(story, found, goal.deactivated.at + cooldown_s * 1_000)
      : judgeWithoutCooldown(story, found)),
  ];
}

function isAllowed(reason: Ending, story: Story, now: number): boolean {
  if (reason === "declined") return story.declined;
  return reason === "expired" ? story.standsUntil <= now : story.replaced || story.hasRivals;
}

function judgePending(story: Story, found: Found, created: number, { now, lastDecline }: Judging): string[] {
  return [
    ...(lastDecline !== null && created < lastDecline ? ["it has not given way to a decline"] : []),
    ...(story.accepted ? ["its decline was accepted, and it goes on"] : []),
    ...(story.replaced ? ["it was replaced, and goes on"] : []),
    ...(story.standsUntil <= now ? ["it has run out, and goes on"] : []),
    ...judgeMoney(story, found, ["prepayment"]),
    ...(found.runs.length > 0 || found.pushes.length > 0 || found.tracks > 0
      ? ["it goes on, and receivers were told of an end"]
      : []),
  ];
}

function judgeAgreed(story: Story, found: Found): string[] {
  return [
    ...(story.agreed ? [] : ["it was agreed to, and nobody did so"]),
    ...judgeMoney(story, found, ["prepayment"]),
    ...(found.runs.length > 0 || found.tracks > 0 ? ["it was agreed to, and receivers ran"] : []),
  ];
}

function judgeMoney(story: Story, found: Found, reasons: readonly string[]): string[] {
  const written = found.transfers.map(({ reason }) => reason);
  const escrow = sumOf(`escrow:${escrowIdOf(story.goalId)}`, found);
  const viewer = sumOf(`viewer:${story.viewerId}`, found);
  const held = reasons.length === 1 ? story.amount : 0;
  return [
    ...(written.join() === reasons.join()
      ? []
      : [`the ledger has ${written.join(" and ")} instead of ${reasons.join(" and ")}`]),
    ...(escrow === held ? [] : [`its escrow holds ${escrow} instead of ${held}`]),
    ...(viewer === -held ? [] : [`its viewer's account says ${viewer} instead of ${-held}`]),
    ...(found.transfers.some(({ amount }) => amount !== story.amount) ? ["an amount has changed"] : []),
  ];
}

/** What every end has: its receivers, its refund, its record and its pushes. */
function judgeEnded(story: Story, found: Found, { event_id }: { readonly event_id: string }): string[] {
  const signalId = `goal.ended:${story.goalId}:${event_id}`;
  const wrong = judgeMoney(story, found, ["prepayment", "refund"]);
  for (const receiver of receiverIds) {
    const runs = found.runs.filter((run) => run.receiver === receiver);
    if (runs.length === 0) wrong.push(`${receiver} has not heard of its end`);
    for (const run of runs) {
      if (run.status !== "done" && run.status !== "returned") wrong.push(`${receiver} is ${run.status}`);
      if (run.status === "returned" && !run.reason) wrong.push(`${receiver} returned without a reason`);
      if (!run.event_id.startsWith(signalId) && !run.event_id.startsWith(`reconcile:${story.goalId}:`))
        wrong.push(`${receiver} ran for another signal, ${run.event_id}`);
    }
    const isReturning = receiverIds.indexOf(receiver) < 5;
    if (isReturning && runs.some(({ status }) => status === "done")) wrong.push(`${receiver} did something`);
  }
  if (found.runs.length !== receiverIds.length) wrong.push(`${found.runs.length} runs of its receivers`);
  if (found.tracks !== 1) wrong.push(`${found.tracks} records of its end`);
  for (const channel of goalEndedTargets(story.streamerId))
    if (!found.pushes.some((push) => push.channels.includes(channel) && push.signalId.startsWith(signalId)))
      wrong.push(`${channel} was not told`);
  return wrong;
}

/** One cooldown, everywhere. */
function judgeDeclined(story: Story, found: Found, cooldown: number): string[] {
  const wrong: string[] = [];
  if (found.goal?.cooldown !== cooldown) wrong.push(`the goal's cooldown is ${found.goal?.cooldown}`);
  for (const [name, entry] of [
    ["record", found.record],
    ["pair", found.pair],
  ] as const) {
    if (entry?.goalId !== story.goalId) {
      // Two declines of one session at once: either may take the other's pair away before that is marked.
      const mayBeGone = story.replaced || (name === "pair" && story.hasRivals);
      if (!mayBeGone) wrong.push(`the session's ${name} does not show it`);
      continue;
    }
    if (entry.ended === undefined) wrong.push(`the session's ${name} has no end`);
    if (entry.cooldown !== cooldown) wrong.push(`the cooldown of the session's ${name} is ${entry.cooldown}`);
  }
  return wrong;
}

function judgeWithoutCooldown(story: Story, found: Found): string[] {
  const wrong: string[] = [];
  if (found.goal?.cooldown !== undefined) wrong.push("it was not declined, and has a cooldown");
  for (const entry of [found.record, found.pair]) {
    if (entry?.goalId !== story.goalId) continue;
    if (entry.ended === undefined) wrong.push("the session shows it as if it went on");
    if (entry.cooldown !== undefined) wrong.push("it was not declined, and the session has a cooldown");
  }
  return wrong;
}
