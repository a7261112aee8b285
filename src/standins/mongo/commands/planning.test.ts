import { type Document, ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestServer, startTestServer } from "../test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** The names of a plan's stages from the outermost inwards. */
function stagesOf(explained: Document): string[] {
  const stages: string[] = [];
  for (
    let stage: Document | undefined = explained["queryPlanner"].winningPlan;
    stage;
    stage = stage["inputStage"]
  ) {
    stages.push(stage["stage"]);
  }
  return stages;
}

describe("a query over 20,000 documents", () => {
  const total = 20_000;
  const goals = () => server.db.collection("goals");
  const user = (n: number) => `user${n % 100}`;
  beforeAll(async () => {
    await goals().createIndexes([
      { key: { exp: -1, _id: -1 } },
      { key: { active: 1, exp: -1, _id: -1 } },
      { key: { "metadata.user_id": 1, exp: 1 } },
    ]);
    await goals().insertMany(
      Array.from({ length: total }, (_, n) => ({
        active: n % 4 === 0,
        exp: new Date(Math.floor(((n * 7919) % total) / 3) * 1000),
        metadata: { user_id: user(n) },
      })),
    );
  });

  test("whose documents are only counted reads none of them", async () => {
    const counting = [{ $match: { active: true } }, { $limit: 700 }, { $count: "n" }];
    const explained = await goals().aggregate(counting).explain();
    const [{ $cursor: cursor }] = explained["stages"];
    expect(stagesOf(cursor)).toEqual(["LIMIT", "PROJECTION_COVERED", "IXSCAN"]);
    expect(cursor["executionStats"]).toMatchObject({ totalKeysExamined: 700, totalDocsExamined: 0 });
    expect(await goals().aggregate(counting).toArray()).toEqual([{ n: 700 }]);
    const filter = { "metadata.user_id": user(7), exp: { $gte: new Date(1_000_000) } };
    const { length } = await goals().find(filter).toArray();
    expect(await goals().countDocuments(filter)).toBe(length);
    expect(await goals().countDocuments({ ...filter, active: true }, { limit: 10 })).toBe(0);
  });

  test("by _id reads one document", async () => {
    const some = await goals().findOne();
    const explained = await goals()
      .find({ _id: some?._id ?? new ObjectId() })
      .explain();
    expect(stagesOf(explained)).toEqual(["IDHACK"]);
    expect(explained["executionStats"]).toMatchObject({ nReturned: 1, totalDocsExamined: 1 });
  });

  test("by equality and a range reads what it gives, in the index's order", async () => {
    const filter = {
      "metadata.user_id": user(7),
      exp: { $gte: new Date(1_000_000), $lt: new Date(2_000_000) },
    };
    const explained = await goals().find(filter).sort({ exp: -1 }).explain();
    expect(stagesOf(explained)).toEqual(["FETCH", "IXSCAN"]);
    const { nReturned, totalDocsExamined } = explained["executionStats"];
    expect(nReturned).toBeGreaterThan(0);
    expect(totalDocsExamined).toBe(nReturned);
  });

  test("page by page gives every document once, reading little more than a page", async () => {
    const seen: ObjectId[] = [];
    const explanations: Document[] = [];
    let filter: Document = { active: true };
    for (;;) {
      const page = goals().aggregate([{ $match: filter }, { $sort: { exp: -1, _id: -1 } }, { $limit: 50 }]);
      if (seen.length % 1000 === 500) explanations.push(await page.clone().explain());
      const documents = await page.toArray();
      const last = documents.at(-1);
      if (last === undefined) break;
      seen.push(...documents.map((item) => item["_id"]));
      filter = {
        active: true,
        $or: [{ exp: { $lt: last["exp"] } }, { exp: last["exp"], _id: { $lt: last["_id"] } }],
      };
    }
    expect(seen).toHaveLength(total / 4);
    expect(new Set(seen.map(String)).size).toBe(total / 4);
    expect(explanations).toHaveLength(5);
    for (const explained of explanations) {
      expect(stagesOf(explained)).toEqual(["LIMIT", "FETCH", "IXSCAN"]);
      expect(explained["executionStats"].totalDocsExamined).toBeLessThan(60);
    }
  });

  test("with an $or reads what its branches give, each by its own index", async () => {
    const some = await goals().findOne();
    const filter = { $or: [{ _id: some?._id ?? new ObjectId() }, { "metadata.user_id": user(7) }] };
    const explained = await goals().find(filter).explain();
    expect(stagesOf(explained)).toEqual(["FETCH", "OR"]);
    expect(explained["executionStats"]).toMatchObject({ nReturned: 201, totalDocsExamined: 201 });
    const counted = await goals().find(filter).sort({ exp: 1 }).limit(5).explain();
    expect(stagesOf(counted)).toEqual(["LIMIT", "SORT", "FETCH", "OR"]);
  });

  test("by thousands of ids reads no more than they are", async () => {
    const ids = await goals()
      .find({}, { projection: { _id: 1 } })
      .limit(12_000)
      .toArray();
    const some = { _id: { $in: ids.slice(0, 3000).map((item) => item._id) } };
    expect((await goals().find(some).explain())["executionStats"]).toMatchObject({ totalDocsExamined: 3000 });
    const many = { _id: { $in: ids.map((item) => item._id) } };
    expect((await goals().find(many).explain())["executionStats"]).toMatchObject({ nReturned: 12_000 });
  });

  test("with the old form of explain is explained, not run", async () => {
    const command = { aggregate: "goals", pipeline: [{ $match: { active: true } }], explain: true };
    expect(await server.db.command(command)).toMatchObject({
      queryPlanner: { winningPlan: { stage: "FETCH" } },
    });
  });

  test("that no index serves scans the collection, and says so", async () => {
    const explained = await goals().find({ nothing: 1 }).sort({ other: 1 }).explain();
    expect(stagesOf(explained)).toEqual(["SORT", "COLLSCAN"]);
    expect(explained["executionStats"].totalDocsExamined).toBe(total);
  });
});
