import {
  type Document,
  Double,
  Int32,
  Long,
  type MongoBulkWriteError,
  type MongoServerError,
  ObjectId,
} from "mongodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type TestServer, startTestServer } from "../test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());
beforeEach(() => server.db.dropDatabase());

interface Item {
  _id?: ObjectId | string | number | Int32 | Double | Long | readonly number[];
  a?: number;
  code?: string;
  b?: number | { c: number };
  c?: number;
  n?: number;
  by?: number;
  key?: string;
  count?: number;
  text?: string;
  active?: boolean;
  d?: Date;
  z?: Long;
  "1"?: Int32;
  "2"?: Double;
  empty?: null;
  list?: { n: number }[];
}
const items = () => server.db.collection<Item>("items");

describe("insert", () => {
  test("keeps types, key order and the _id given", async () => {
    const document = {
      z: new Long(1),
      _id: "x",
      "2": new Double(1),
      "1": new Int32(1),
      d: new Date(5),
      empty: null,
    };
    await items().insertOne(document);
    const [kept] = await items().find({}, { promoteValues: false }).toArray();
    expect(Object.keys(kept ?? {})).toEqual(["1", "2", "_id", "z", "d", "empty"]);
    expect(kept).toMatchObject({
      _id: "x",
      z: new Long(1),
      "2": new Double(1),
      "1": new Int32(1),
      empty: null,
    });
    const raw = await server.db.command({ insert: "items", documents: [{ a: 1 }] });
    expect(raw).toMatchObject({ n: 1, ok: 1 });
    expect((await items().findOne({ a: 1 }))?._id).toBeInstanceOf(ObjectId);
  });

  test("reports a duplicate in MongoDB's words", async () => {
    await items().createIndex({ code: 1, "b.c": -1 }, { unique: true });
    await items().insertOne({ code: "x", b: { c: 1.5 } });
    const error = await items()
      .insertOne({ code: "x", b: { c: 1.5 } })
      .catch((reason: MongoServerError) => reason);
    expect(error).toMatchObject({
      code: 11000,
      message:
        'E11000 duplicate key error collection: test.items index: code_1_b.c_-1 dup key: { code: "x", b.c: 1.5 }',
      keyPattern: { code: 1, "b.c": -1 },
      keyValue: { code: "x", "b.c": 1.5 },
    });
  });

  test("stops at the first error when ordered, and goes on when not", async () => {
    const documents = [{ _id: 1 }, { _id: 1 }, { _id: 2 }];
    const ordered = await items()
      .insertMany(documents)
      .catch((reason: MongoBulkWriteError) => reason);
    expect(ordered).toMatchObject({ code: 11000, insertedCount: 1 });
    expect(await items().countDocuments()).toBe(1);
    await items().deleteMany({});
    const unordered = await items()
      .insertMany(documents, { ordered: false })
      .catch((reason: MongoBulkWriteError) => reason);
    expect(unordered).toMatchObject({ insertedCount: 2 });
    expect("writeErrors" in unordered && unordered.writeErrors).toMatchObject([{ index: 1, code: 11000 }]);
    expect(await items().countDocuments()).toBe(2);
  });

  test("takes numbers of different types for the same _id", async () => {
    await items().insertOne({ _id: new Int32(1) });
    await expect(items().insertOne({ _id: new Double(1) })).rejects.toMatchObject({ code: 11000 });
    await expect(items().insertOne({ _id: Long.fromNumber(1) })).rejects.toMatchObject({ code: 11000 });
    await items().insertOne({ _id: new Double(1.5) });
  });

  test("refuses an array as _id, and a document that is too large", async () => {
    await expect(items().insertOne({ _id: [1] })).rejects.toMatchObject({ code: 53 });
    const command = { insert: "items", documents: [{ a: "x".repeat(16 * 1024 * 1024) }] };
    await expect(server.db.command(command)).resolves.toMatchObject({ n: 0, writeErrors: [{ code: 10334 }] });
  });

  test("of many megabytes in one command is kept", async () => {
    const documents = Array.from({ length: 40 }, (_, _id) => ({ _id, text: "x".repeat(1_000_000) }));
    expect(await items().insertMany(documents)).toMatchObject({ insertedCount: 40 });
    const lengths = await items()
      .find({}, { projection: { text: 1 } })
      .map((item) => String(item.text).length)
      .toArray();
    expect(lengths).toEqual(documents.map(() => 1_000_000));
  });
});

describe("update", () => {
  test("changes one or all, and counts what matched and what changed", async () => {
    await items().insertMany([{ a: 1 }, { a: 1 }, { a: 1, b: 2 }]);
    expect(await items().updateOne({ a: 1 }, { $set: { b: 2 } })).toMatchObject({
      matchedCount: 1,
      modifiedCount: 1,
    });
    expect(await items().updateMany({ a: 1 }, { $set: { b: 2 } })).toMatchObject({
      matchedCount: 3,
      modifiedCount: 1,
    });
    expect(await items().updateMany({ a: 2 }, { $set: { b: 3 } })).toMatchObject({
      matchedCount: 0,
      modifiedCount: 0,
    });
  });

  test("moves each document once, though the index that finds it is changed", async () => {
    await items().createIndex({ a: 1 });
    await items().insertMany(Array.from({ length: 500 }, (_, a) => ({ a })));
    expect(await items().updateMany({ a: { $gte: 0 } }, { $inc: { a: 1000 } })).toMatchObject({
      modifiedCount: 500,
    });
    expect(await items().countDocuments({ a: { $gte: 1000, $lt: 1500 } })).toBe(500);
  });

  test("inserts by upsert what the filter and the update say", async () => {
    const _id = new ObjectId();
    const result = await items().updateOne(
      { _id, a: 1 },
      { $set: { b: 2 }, $setOnInsert: { c: 3 } },
      { upsert: true },
    );
    expect(result).toMatchObject({ upsertedCount: 1, upsertedId: _id, matchedCount: 0 });
    expect(await items().findOne()).toEqual({ _id, a: 1, b: 2, c: 3 });
    const replaced = await items().replaceOne({ a: 7 }, { b: 7 }, { upsert: true });
    expect(replaced.upsertedId).toBeInstanceOf(ObjectId);
    expect(await items().findOne({ b: 7 })).toEqual({ _id: replaced.upsertedId, b: 7 });
  });

  test("replaces a document under its _id", async () => {
    await items().insertOne({ _id: 1, a: 1 });
    await items().replaceOne({ a: 1 }, { b: 2 });
    expect(await items().findOne()).toEqual({ _id: 1, b: 2 });
    await expect(
      server.db.collection<Document>("items").replaceOne({ b: 2 }, { _id: 2 }),
    ).rejects.toMatchObject({ code: 66 });
    await expect(items().updateOne({ b: 2 }, { $set: { _id: 2 } })).rejects.toMatchObject({ code: 66 });
  });

  test("takes array filters and pipelines", async () => {
    await items().insertOne({ _id: 1, list: [{ n: 1 }, { n: 5 }], a: 2 });
    await items().updateOne(
      { _id: 1 },
      { $set: { "list.$[big].n": 0 } },
      { arrayFilters: [{ "big.n": { $gt: 3 } }] },
    );
    await items().updateOne({ _id: 1 }, [{ $set: { b: { $add: ["$a", 1] } } }]);
    expect(await items().findOne()).toEqual({ _id: 1, list: [{ n: 1 }, { n: 0 }], a: 2, b: 3 });
  });

  test("that breaks a unique index changes nothing, also not the documents before", async () => {
    await items().createIndex({ a: 1 }, { unique: true });
    await items().insertMany([{ a: 1 }, { a: 2 }, { a: 3 }]);
    await expect(items().updateMany({}, { $set: { a: 9 } })).rejects.toMatchObject({ code: 11000 });
    expect(await items().distinct("a")).toEqual([1, 2, 3]);
  });
});

describe("delete", () => {
  test("removes one or all", async () => {
    await items().insertMany([{ a: 1 }, { a: 1 }, { a: 1 }, { a: 2 }]);
    expect(await items().deleteOne({ a: 1 })).toMatchObject({ deletedCount: 1 });
    expect(await items().deleteMany({ a: 1 })).toMatchObject({ deletedCount: 2 });
    expect(await items().deleteMany({ a: 1 })).toMatchObject({ deletedCount: 0 });
  });

  test("of everything leaves nothing in any index, and says how many there were", async () => {
    await items().createIndex({ a: 1 }, { unique: true });
    await items().insertMany([{ _id: 1, a: 1 }, { _id: 2, a: 2 }, { _id: 3 }]);
    expect(await items().deleteMany({})).toMatchObject({ deletedCount: 3 });
    expect(await items().deleteMany({})).toMatchObject({ deletedCount: 0 });
    expect([await items().countDocuments(), await items().countDocuments({ a: { $gt: 0 } })]).toEqual([0, 0]);
    await items().insertOne({ _id: 1, a: 3 });
    expect(await items().find({ a: 3 }).toArray()).toEqual([{ _id: 1, a: 3 }]);
  });
});

test("bulkWrite runs all kinds of operations", async () => {
  const result = await items().bulkWrite([
    { insertOne: { document: { _id: 1, a: 1 } } },
    { updateOne: { filter: { _id: 1 }, update: { $set: { a: 2 } } } },
    { replaceOne: { filter: { _id: 2 }, replacement: { a: 5 }, upsert: true } },
    { deleteOne: { filter: { _id: 1 } } },
  ]);
  expect(result).toMatchObject({ insertedCount: 1, modifiedCount: 1, upsertedCount: 1, deletedCount: 1 });
  expect(await items().find().toArray()).toEqual([{ _id: 2, a: 5 }]);
});
