import { MongoServerError } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestServer, startTestServer } from "../test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await numbers().insertMany(Array.from({ length: 1000 }, (_, n) => ({ _id: n, n, even: n % 2 === 0 })));
});
afterAll(() => server.close());

const numbers = () => server.db.collection<{ _id: number; n: number; even: boolean }>("numbers");

describe("find", () => {
  test("gives all documents over several batches", async () => {
    const all = await numbers().find({}, { batchSize: 33 }).toArray();
    expect(all.map((item) => item.n)).toEqual(Array.from({ length: 1000 }, (_, n) => n));
  });

  test("sorts, skips, limits and projects", async () => {
    const options = { sort: { n: -1 }, skip: 10, limit: 3, projection: { _id: 0, n: 1 } } as const;
    expect(await numbers().find({ even: true }, options).toArray()).toEqual([
      { n: 978 },
      { n: 976 },
      { n: 974 },
    ]);
  });

  test("ends the cursor with the last document, and knows no ended cursor", async () => {
    const first = await server.db.command({ find: "numbers", batchSize: 1000 });
    expect(first["cursor"].id.toString()).toBe("0");
    const open = await server.db.command({ find: "numbers", batchSize: 0 });
    expect(open["cursor"].firstBatch).toEqual([]);
    const more = await server.db.command({
      getMore: open["cursor"].id,
      collection: "numbers",
      batchSize: 10,
    });
    expect(more["cursor"].nextBatch).toHaveLength(10);
    await server.db.command({ killCursors: "numbers", cursors: [open["cursor"].id] });
    const ended = server.db.command({ getMore: open["cursor"].id, collection: "numbers" });
    await expect(ended).rejects.toMatchObject({ code: 43, codeName: "CursorNotFound" });
  });

  test("goes on with an open cursor while documents come and go", async () => {
    const items = server.db.collection<{ _id: number }>("moving");
    await items.insertMany(Array.from({ length: 300 }, (_, _id) => ({ _id })));
    const cursor = items.find({}, { batchSize: 10 });
    await cursor.next();
    await items.deleteMany({ _id: { $lt: 200 } });
    await items.insertOne({ _id: 1000 });
    const rest = (await cursor.toArray()).map((item) => item._id);
    expect(rest.at(-1)).toBe(1000);
    expect(new Set(rest).size).toBe(rest.length);
    expect(rest.filter((id) => id >= 200)).toHaveLength(101);
  });

  test("of a collection that does not exist finds nothing, but still checks the filter", async () => {
    const none = server.db.collection("none");
    expect(await none.find().toArray()).toEqual([]);
    await expect(none.find({ $foo: 1 }).toArray()).rejects.toBeInstanceOf(MongoServerError);
  });

  test("ends with MongoDB's error where its index is dropped on the way", async () => {
    const items = server.db.collection("dropped");
    await items.createIndex({ n: 1 });
    await items.insertMany(Array.from({ length: 500 }, (_, n) => ({ n })));
    const cursor = items.find({}, { sort: { n: 1 }, batchSize: 10 });
    await cursor.next();
    await items.dropIndex("n_1");
    await expect(cursor.toArray()).rejects.toMatchObject({ code: 175, codeName: "QueryPlanKilled" });
  });

  test("counts maxTimeMS only while the server is at work", async () => {
    const cursor = numbers().find({}, { maxTimeMS: 300, batchSize: 200 });
    await cursor.next();
    const begin = performance.now();
    await expect.poll(() => performance.now() - begin).toBeGreaterThan(350);
    expect(await cursor.toArray()).toHaveLength(999);
  });

  test("refuses a hint to an index that does not exist", async () => {
    await expect(numbers().find({}, { hint: "nope" }).toArray()).rejects.toMatchObject({ code: 2 });
  });
});

describe("aggregate, count and distinct", () => {
  test("give what the documents say", async () => {
    const grouped = await numbers()
      .aggregate([
        { $match: { n: { $lt: 10 } } },
        { $group: { _id: "$even", sum: { $sum: "$n" } } },
        { $sort: { _id: 1 } },
      ])
      .toArray();
    expect(grouped).toEqual([
      { _id: false, sum: 25 },
      { _id: true, sum: 20 },
    ]);
    expect(await numbers().countDocuments({ even: true })).toBe(500);
    expect(await numbers().countDocuments({ even: true }, { skip: 490, limit: 20 })).toBe(10);
    expect(await numbers().estimatedDocumentCount()).toBe(1000);
    expect(await server.db.command({ count: "numbers", query: { n: { $gt: 989 } }, limit: 4 })).toMatchObject(
      { n: 4 },
    );
    expect(await numbers().distinct("even")).toEqual([false, true]);
  });

  test("take stages in the pipeline's own order", async () => {
    const skipFirst = [
      { $sort: { n: 1 } },
      { $skip: 5 },
      { $limit: 3 },
      { $skip: 1 },
      { $match: { even: true } },
    ];
    expect((await numbers().aggregate(skipFirst).toArray()).map((item) => item["n"])).toEqual([6]);
    const limitFirst = [{ $limit: 10 }, { $sort: { n: -1 } }, { $limit: 2 }];
    expect((await numbers().aggregate(limitFirst).toArray()).map((item) => item["n"])).toEqual([9, 8]);
  });

  test("join other collections of the database", async () => {
    await server.db.collection("names").insertMany([
      { of: 1, name: "one" },
      { of: 2, name: "two" },
    ]);
    const joined = await numbers()
      .aggregate([
        { $match: { _id: { $in: [1, 3] } } },
        { $lookup: { from: "names", localField: "n", foreignField: "of", as: "names" } },
        { $project: { names: "$names.name" } },
      ])
      .toArray();
    expect(joined).toEqual([
      { _id: 1, names: ["one"] },
      { _id: 3, names: [] },
    ]);
  });

  test("use the variables of `let`", async () => {
    const options = { let: { wanted: { $add: [2, 2] } } };
    const found = await numbers()
      .aggregate([{ $match: { $expr: { $eq: ["$n", "$$wanted"] } } }], options)
      .toArray();
    expect(found).toMatchObject([{ n: 4 }]);
  });
});
