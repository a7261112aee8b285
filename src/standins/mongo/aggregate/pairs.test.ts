import { ObjectId } from "bson";
import { describe, expect, test } from "vitest";
import { doc, show } from "../bson/shell.ts";
import { runPipeline } from "./pipeline.ts";

type Plain = Record<string, unknown>;

const now = new Date("2026-11-22T10:00:00.000Z");

/** The documents that a pipeline gives, one a line. */
const run = (docs: Plain[], pipeline: Plain[]): string[] =>
  [...runPipeline(pipeline.map(doc), docs.map(doc), { now, collection: () => [] })].map(show);

describe("the specification's aggregate over pairs", () => {
  const session = new ObjectId();
  const [g1, g2, g3, g4] = [new ObjectId(), new ObjectId(), new ObjectId(), new ObjectId()];
  const pipeline: Plain[] = [
    { $match: { _id: session } },
    { $project: { pairs: { $objectToArray: "$exclusive_goal_pairs" } } },
    { $unwind: "$pairs" },
    {
      $match: {
        $or: [
          { "pairs.v.exclusive_goal_ended": { $ne: null } },
          {
            $and: [
              { "pairs.v.exclusive_goal": null },
              { "pairs.v.trigger_exclusive_goal_agreed": null },
              { "pairs.v.trigger_exclusive_goal_ended": null },
            ],
          },
        ],
      },
    },
    { $project: { _id: false, user_id: "$pairs.k", goal_id: "$pairs.v.trigger_exclusive_goal" } },
  ];

  test("finds the pairs that are pending or over, by their viewers", () => {
    const pairs = {
      vic: { trigger_exclusive_goal: g1 },
      wen: { trigger_exclusive_goal: g2, trigger_exclusive_goal_agreed: now, exclusive_goal: g2 },
      xan: { trigger_exclusive_goal: g3, exclusive_goal: g3, exclusive_goal_ended: now },
      yan: { trigger_exclusive_goal: g4, trigger_exclusive_goal_ended: now },
      "123": { trigger_exclusive_goal: g4, exclusive_goal: null },
    };
    const found = run([{ _id: session, exclusive_goal_pairs: pairs }, { _id: new ObjectId() }], pipeline);
    expect(found.toSorted()).toEqual([
      `{user_id: "123", goal_id: oid(${g4.toHexString()})}`,
      `{user_id: "vic", goal_id: oid(${g1.toHexString()})}`,
      `{user_id: "xan", goal_id: oid(${g3.toHexString()})}`,
    ]);
  });

  test.each([[{}], [{ exclusive_goal_pairs: null }], [{ exclusive_goal_pairs: {} }]])(
    "finds none in a session with %j",
    (fields) => {
      expect(run([{ _id: session, ...fields }], pipeline)).toEqual([]);
    },
  );
});
