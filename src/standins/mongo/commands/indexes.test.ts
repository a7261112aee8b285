import type { Document, IndexDescription, MongoServerError } from "mongodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type TestServer, startTestServer } from "../test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());
beforeEach(() => server.db.dropDatabase());

const items = () => server.db.collection("items");
const createIndexes = (...indexes: IndexDescription[]): Promise<Document> =>
  server.db.command({ createIndexes: "items", indexes });
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "no error",
    (error: MongoServerError) => error.code,
  );

describe("createIndexes", () => {
  test("a second time changes nothing", async () => {
    const index = { key: { a: 1 }, name: "a_1", unique: true };
    expect(await createIndexes(index)).toMatchObject({
      numIndexesBefore: 1,
      numIndexesAfter: 2,
      createdCollectionAutomatically: true,
    });
    expect(await createIndexes(index)).toMatchObject({
      numIndexesBefore: 2,
      numIndexesAfter: 2,
      createdCollectionAutomatically: false,
      note: "all indexes already exist",
    });
  });

  test("refuses the same name for another index, and the same index by another name", async () => {
    await createIndexes({ key: { a: 1 }, name: "a_1" });
    expect(await codeOf(createIndexes({ key: { b: 1 }, name: "a_1" }))).toBe(86);
    expect(await codeOf(createIndexes({ key: { a: 1 }, name: "a_1", unique: true }))).toBe(86);
    expect(await codeOf(createIndexes({ key: { a: 1 }, name: "other" }))).toBe(85);
    expect(await codeOf(createIndexes({ key: { a: 1 }, name: "a_1", expireAfterSeconds: 5 }))).toBe(85);
  });

  test("refuses a unique index where the documents are not, and leaves no index behind", async () => {
    await items().insertMany([{ a: 1 }, { a: 1 }]);
    expect(await codeOf(items().createIndex({ a: 1 }, { unique: true }))).toBe(11000);
    expect(await items().indexes()).toHaveLength(1);
  });

  test.each([
    ["text", { key: { a: "text" }, name: "x" }, 115],
    ["hashed", { key: { a: "hashed" }, name: "x" }, 115],
    ["wildcard", { key: { "$**": 1 }, name: "x" }, 115],
    ["collated", { key: { a: 1 }, name: "x", collation: { locale: "de" } }, 115],
    ["hidden", { key: { a: 1 }, name: "x", hidden: true }, 115],
    ["directionless", { key: { a: 0 }, name: "x" }, 67],
    ["partial and sparse", { key: { a: 1 }, name: "x", sparse: true, partialFilterExpression: { a: 1 } }, 67],
    ["compound TTL", { key: { a: 1, b: 1 }, name: "x", expireAfterSeconds: 5 }, 67],
  ] as const)("refuses an index that is %s", async (_what, index, code) => {
    expect(await codeOf(createIndexes({ ...index, key: { ...index.key } }))).toBe(code);
  });
});

describe("a unique index", () => {
  test("treats a missing field and null alike", async () => {
    await items().createIndex({ a: 1 }, { unique: true });
    await items().insertOne({ b: 1 });
    expect(await codeOf(items().insertOne({ a: null }))).toBe(11000);
  });

  test("that is sparse or partial leaves the other documents alone", async () => {
    await items().createIndex({ a: 1 }, { unique: true, sparse: true });
    await items().createIndex({ b: 1 }, { unique: true, partialFilterExpression: { active: true } });
    await items().insertMany([{ b: 1 }, { b: 1 }, { b: 1, active: true }]);
    expect(await codeOf(items().insertOne({ b: 1, active: true }))).toBe(11000);
    await items().insertOne({ a: null });
    expect(await codeOf(items().insertOne({ a: null }))).toBe(11000);
  });

  test("holds each element of an array", async () => {
    await items().createIndex({ tags: 1 }, { unique: true });
    await items().insertOne({ tags: ["a", "b", "a"] });
    expect(await codeOf(items().insertOne({ tags: ["c", "b"] }))).toBe(11000);
    await items().insertOne({ tags: ["c"] });
  });
});

describe("indexes", () => {
  test("refuse two arrays in one document", async () => {
    await items().createIndex({ a: 1, b: 1 });
    expect(await codeOf(items().insertOne({ a: [1, 2], b: [3, 4] }))).toBe(171);
    await items().insertOne({ a: [1, 2], b: 3 });
  });

  test("are listed and dropped by name, by key or all but the one on _id", async () => {
    await createIndexes(
      { key: { a: 1 }, name: "one" },
      { key: { b: 1 }, name: "two" },
      { key: { "c.d": -1 }, name: "three" },
    );
    await items().dropIndex("one");
    expect(await server.db.command({ dropIndexes: "items", index: { b: 1 } })).toMatchObject({
      nIndexesWas: 3,
    });
    expect(await items().indexes()).toEqual([
      { v: 2, key: { _id: 1 }, name: "_id_" },
      { v: 2, key: { "c.d": -1 }, name: "three" },
    ]);
    expect(await codeOf(items().dropIndex("one"))).toBe(27);
    expect(await codeOf(items().dropIndex("_id_"))).toBe(72);
    await items().dropIndexes();
    expect(await items().indexes()).toHaveLength(1);
    expect(await codeOf(server.db.collection("none").indexes())).toBe(26);
  });

  test("with expireAfterSeconds remove documents when their time is over, and only those with a date", async () => {
    await items().createIndex({ expires: 1 }, { expireAfterSeconds: 0 });
    await items().insertMany([
      { _id: "past", expires: new Date(Date.now() - 1000) },
      { _id: "list", expires: [new Date(Date.now() + 1e6), new Date(0)] },
      { _id: "future", expires: new Date(Date.now() + 1e6) },
      { _id: "number", expires: 0 },
      { _id: "none" },
    ] as unknown as Document[]);
    await expect.poll(() => items().distinct("_id"), { timeout: 5000 }).toEqual(["future", "none", "number"]);
  });
});
