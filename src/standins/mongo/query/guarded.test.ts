import { ObjectId } from "bson";
import { describe, expect, test } from "vitest";
import { doc } from "../bson/shell.ts";
import type { Doc } from "../bson/value.ts";
import { compileFilter } from "./filter.ts";

type Plain = Record<string, unknown>;

const id = new ObjectId();

describe("the guarded updates of the specification find their document", () => {
  const goal = { _id: id, active: true, metadata: { user_id: id }, exp: new Date(9) };
  const session = {
    _id: id,
    exclusive_goal_pairs: { v: { trigger_exclusive_goal: id, created: new Date(1) } },
  };
  const guard = {
    _id: id,
    "exclusive_goal_pairs.v.trigger_exclusive_goal": id,
    "exclusive_goal_pairs.v.created": { $lte: new Date(5) },
    $or: [
      { "exclusive_goal_pairs.v.exclusive_goal_ended": { $ne: null } },
      {
        "exclusive_goal_pairs.v.exclusive_goal": null,
        "exclusive_goal_pairs.v.trigger_exclusive_goal_agreed": null,
        "exclusive_goal_pairs.v.trigger_exclusive_goal_ended": null,
      },
    ],
  };

  test("only while it is active and the streamer's", () => {
    const mine = compileFilter(doc({ _id: id, active: true, "metadata.user_id": id }));
    expect(mine(doc(goal))).toBe(true);
    expect(mine(doc({ ...goal, active: false }))).toBe(false);
    expect(mine(doc({ ...goal, metadata: { user_id: new ObjectId() } }))).toBe(false);
    expect(mine(doc({ ...goal, metadata: { user_id: id.toHexString() } }))).toBe(false);
  });

  test("only while the pair is pending or over, absent and null alike", () => {
    const matches = compileFilter(doc(guard));
    const withPair = (pair: Plain): Doc =>
      doc({ ...session, exclusive_goal_pairs: { v: { ...session.exclusive_goal_pairs.v, ...pair } } });
    expect(matches(doc(session))).toBe(true);
    expect(matches(withPair({ exclusive_goal: null }))).toBe(true);
    expect(matches(withPair({ trigger_exclusive_goal_agreed: new Date(3) }))).toBe(false);
    expect(matches(withPair({ exclusive_goal: id, exclusive_goal_ended: new Date(4) }))).toBe(true);
    expect(matches(withPair({ created: new Date(6) }))).toBe(false);
    expect(matches(withPair({ trigger_exclusive_goal: new ObjectId() }))).toBe(false);
  });
});
