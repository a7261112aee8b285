import { ObjectId } from "bson";
import { describe, expect, test } from "vitest";
import { doc, show } from "../bson/shell.ts";
import { applyUpdate } from "./apply.ts";

type Plain = Record<string, unknown>;

const now = new Date("2026-11-22T10:00:00.000Z");

const update = (before: Plain, change: Plain): string =>
  show(applyUpdate(doc(before), doc(change), { isUpsertInsert: false, now, filter: new Map() }));

describe("the specification's updates", () => {
  const id = new ObjectId("64b7f0a1c2d3e4f5a6b7c8d9");

  test("end a goal: inactive, and its exp brought forward but never back", () => {
    const change = { $set: { active: false }, $min: { exp: now } };
    const later = { _id: id, active: true, exp: new Date(now.getTime() + 1) };
    const earlier = { ...later, exp: new Date(now.getTime() - 1) };
    expect(update(later, change)).toBe(show(doc({ ...later, active: false, exp: now })));
    expect(update(earlier, change)).toBe(show(doc({ ...earlier, active: false })));
  });

  test("mark the invitation and remove a pair by the viewer's id", () => {
    const viewer = "64b7f0a1c2d3e4f5a6b7c8d0";
    const session = { _id: id, exclusive_goal_pairs: { [viewer]: { created: now }, other: 1 } };
    expect(
      update(session, { $set: { [`trigger_private_goals.${viewer}.trigger_exclusive_goal_ended`]: now } }),
    ).toBe(
      show(doc({ ...session, trigger_private_goals: { [viewer]: { trigger_exclusive_goal_ended: now } } })),
    );
    expect(update(session, { $unset: { [`exclusive_goal_pairs.${viewer}`]: true } })).toBe(
      show(doc({ _id: id, exclusive_goal_pairs: { other: 1 } })),
    );
  });
});
