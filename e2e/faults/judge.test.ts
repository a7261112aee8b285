import { expect, test } from "vitest";
import { escrowIdOf } from "#src/contract/ids.ts";
import { goalEndedTargets } from "#src/contract/channels.ts";
import { receiverIds } from "#src/contract/receivers.ts";
import { type Found, judge, type Story } from "./judge.ts";

const goalId = "a".repeat(24);
const streamerId = "b".repeat(24);
const viewerId = "c".repeat(24);
const escrow = `escrow:${escrowIdOf(goalId)}`;
const viewer = `viewer:${viewerId}`;
const signalId = `goal.ended:${goalId}:event`;
const judging = { now: 10_000, cooldown_s: 600, lastDecline: 5_000 };
const cooldown = 605_000;

const declined: Story = {
  goalId,
  streamerId,
  viewerId,
  amount: 1_200,
  standsUntil: 1_000_000,
  declined: true,
  accepted: true,
  agreed: false,
  replaced: false,
  hasRivals: false,
};
const hold = { id: "hold", debit: viewer, credit: escrow, amount: 1_200, reason: "prepayment" };
const refund = { id: "resolve", debit: escrow, credit: viewer, amount: 1_200, reason: "refund" };
const entry = { goalId, ended: 5_100, cooldown };

const ended = {
  active: false,
  created: 1_000,
  deactivated: { at: 5_000, reason: "declined", event_id: "event" },
};

const whole: Found = {
  goal: { ...ended, cooldown },
  record: entry,
  pair: entry,
  runs: receiverIds.map((receiver, index) => ({
    receiver,
    event_id: signalId,
    ...(index < 5 ? { status: "returned", reason: "None of its business." } : { status: "done" }),
  })),
  transfers: [hold, refund],
  tracks: 1,
  pushes: [{ signalId, channels: goalEndedTargets(streamerId) }],
};
const pending: Found = {
  goal: { active: true, created: 6_000 },
  record: { goalId },
  pair: { goalId },
  runs: [],
  transfers: [hold],
  tracks: 0,
  pushes: [],
};
const undecided = { ...declined, declined: false, accepted: false };

test("a decline with all its effects is right, and so is one that was pushed twice", () => {
  expect(judge(declined, whole, judging)).toEqual([]);
  expect(judge(declined, { ...whole, pushes: [...whole.pushes, ...whole.pushes] }, judging)).toEqual([]);
});

const lost: readonly [string, Partial<Found>][] = [
  ["its refund", { transfers: [hold] }],
  ["its hold", { transfers: [refund] }],
  ["its analytics record", { tracks: 0 }],
  ["its push", { pushes: [] }],
  ["one channel of its push", { pushes: [{ signalId, channels: goalEndedTargets(streamerId).slice(1) }] }],
  ["a receiver", { runs: whole.runs.slice(1) }],
  ["the goal's cooldown", { goal: ended }],
  ["the record's end", { record: { goalId, cooldown } }],
  ["the pair's cooldown", { pair: { ...entry, cooldown: cooldown + 1 } }],
  ["its pair", { pair: null }],
  ["the goal itself", { goal: null }],
];
for (const [what, without] of lost)
  test(`a decline that has lost ${what} is wrong`, () => {
    expect(judge(declined, { ...whole, ...without }, judging)).not.toEqual([]);
  });

const twice: readonly [string, Partial<Found>][] = [
  ["a second refund", { transfers: [hold, refund, { ...refund, id: "another" }] }],
  [
    "a refund and a payout",
    { transfers: [hold, refund, { ...refund, credit: "streamer:x", reason: "payout" }] },
  ],
  ["a refund of another amount", { transfers: [hold, { ...refund, amount: 1_100 }] }],
  ["a second record", { tracks: 2 }],
  ["a second run of a receiver", { runs: [...whole.runs, ...whole.runs.slice(0, 1)] }],
  ["a run of another signal", { runs: whole.runs.map((run) => ({ ...run, event_id: "other" })) }],
  ["a run that goes on", { runs: whole.runs.map((run) => ({ ...run, status: "running" })) }],
  ["a run that was given up", { runs: whole.runs.map((run) => ({ ...run, status: "failed" })) }],
];
for (const [what, added] of twice)
  test(`a decline with ${what} is wrong`, () => {
    expect(judge(declined, { ...whole, ...added }, judging)).not.toEqual([]);
  });

test("an accepted decline must end the goal, and a goal must not end without anybody's doing", () => {
  expect(judge(undecided, pending, judging)).toEqual([]);
  expect(judge(declined, pending, judging)).toContain("its decline was accepted, and it goes on");
  expect(judge(undecided, whole, judging).join()).toContain("nobody asked");
});

test("an invitation from before a decline of its session gives way, and one from after it stays", () => {
  expect(judge(undecided, pending, { ...judging, lastDecline: 7_000 }).join()).toContain("given way");
  expect(judge(undecided, pending, { ...judging, lastDecline: 5_000 })).toEqual([]);
});

test("what was agreed to keeps its money, and what has run out must end", () => {
  const agreed: Found = { ...pending, goal: { active: false, created: 1, agreed: 2 } };
  const story = { ...undecided, agreed: true };
  expect(judge(story, agreed, judging)).toEqual([]);
  expect(judge(story, { ...agreed, transfers: [hold, refund] }, judging)).not.toEqual([]);
  expect(judge({ ...undecided, standsUntil: 9_000 }, pending, judging).join()).toContain("run out");
});

test("what gave way has no cooldown", () => {
  const goal = {
    active: false,
    created: 1,
    deactivated: { at: 5_000, reason: "superseded", event_id: "event" },
  };
  const gaveWay: Found = { ...whole, goal, record: { goalId, ended: 5_100 }, pair: null };
  const story = { ...undecided, hasRivals: true };
  expect(judge(story, gaveWay, judging)).toEqual([]);
  expect(judge(story, { ...gaveWay, record: entry }, judging)).not.toEqual([]);
});
