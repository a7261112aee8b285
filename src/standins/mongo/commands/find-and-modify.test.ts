import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type TestServer, startTestServer } from "../test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());
beforeEach(() => server.db.dropDatabase());

interface Item {
  _id?: number;
  a?: number;
  b?: number;
  n?: number;
  by?: number;
  key?: string;
  count?: number;
  active?: boolean;
}
const items = () => server.db.collection<Item>("items");

describe("findAndModify", () => {
  test("gives the old document or the new one", async () => {
    await items().insertMany([
      { _id: 1, a: 1 },
      { _id: 2, a: 1 },
    ]);
    const sort = { _id: -1 } as const;
    expect(await items().findOneAndUpdate({ a: 1 }, { $inc: { n: 1 } }, { sort })).toEqual({ _id: 2, a: 1 });
    const after = { sort, returnDocument: "after", projection: { n: 1 } } as const;
    expect(await items().findOneAndUpdate({ a: 1 }, { $inc: { n: 1 } }, after)).toEqual({ _id: 2, n: 2 });
    expect(await items().findOneAndReplace({ _id: 1 }, { b: 1 })).toEqual({ _id: 1, a: 1 });
    expect(await items().findOneAndDelete({ b: 1 })).toEqual({ _id: 1, b: 1 });
    expect(await items().findOneAndUpdate({ a: 9 }, { $inc: { n: 1 } })).toBeNull();
  });

  test("tells what it did", async () => {
    const options = { upsert: true, includeResultMetadata: true } as const;
    const made = await items().findOneAndUpdate({ _id: 1 }, { $set: { a: 1 } }, options);
    expect(made).toMatchObject({
      value: null,
      lastErrorObject: { n: 1, updatedExisting: false, upserted: 1 },
    });
    const changed = await items().findOneAndUpdate({ _id: 1 }, { $set: { a: 2 } }, options);
    expect(changed).toMatchObject({ value: { a: 1 }, lastErrorObject: { n: 1, updatedExisting: true } });
  });

  test("under a guard is won by exactly one of fifty at once", async () => {
    await items().insertOne({ _id: 1, active: true });
    const attempts = Array.from({ length: 50 }, (_, by) =>
      items().findOneAndUpdate({ _id: 1, active: true }, { $set: { active: false, by } }),
    );
    const winners = (await Promise.all(attempts)).filter((old) => old !== null);
    expect(winners).toEqual([{ _id: 1, active: true }]);
  });

  test("as an upsert is won by exactly one of fifty at once", async () => {
    await items().createIndex({ key: 1 }, { unique: true });
    const attempts = Array.from({ length: 50 }, () =>
      items().updateOne({ key: "k" }, { $inc: { count: 1 } }, { upsert: true }),
    );
    const made = (await Promise.all(attempts)).filter((result) => result.upsertedCount === 1);
    expect(made).toHaveLength(1);
    expect(await items().findOne({}, { projection: { _id: 0 } })).toEqual({ key: "k", count: 50 });
  });
});
