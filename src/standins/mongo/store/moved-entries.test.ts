import { Double, Int32 } from "bson";
import type { Document } from "mongodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ promoteValues: false });
});
afterAll(() => server.close());

const indexes: readonly [Document, Document?][] = [
  [{ name: 1 }, { unique: true }],
  [{ group: 1, rank: -1 }],
  [{ "inner.at": 1 }],
  [{ tags: 1 }],
  [{ rank: 1 }, { partialFilterExpression: { group: { $type: "int" } } }],
  [{ group: -1 }, { partialFilterExpression: { "inner.at": { $exists: true } } }],
  [{ tags: -1, name: 1 }, { sparse: true }],
];

/** Each change is made to a third of the documents. */
const changes: readonly Document[] = [
  { $set: { rank: new Int32(7) } },
  { $set: { group: new Double(2) } },
  { $set: { "inner.at": new Date(5) } },
  { $unset: { "inner.at": 1 } },
  { $push: { tags: "new" } },
  { $unset: { tags: 1, group: 1 } },
  { $set: { group: new Int32(2), other: "not indexed" } },
  { $inc: { rank: new Int32(1) } },
];

const filters: readonly Document[] = [
  { name: "n4" },
  { name: "nowhere" },
  { name: { $in: ["n1", "n5"] } },
  { name: "n4", group: new Int32(2) },
  { group: new Int32(2) },
  { group: { $gte: new Int32(1) }, rank: new Int32(8) },
  { "inner.at": new Date(5) },
  { tags: "new" },
  { rank: { $gt: new Int32(3) } },
];

test("after each change an index finds what a look at every document finds", async () => {
  const items = server.db.collection<Document>("items");
  for (const [keys, options] of indexes) await items.createIndex(keys, options ?? {});
  await items.insertMany(
    Array.from({ length: 12 }, (_, n) => ({
      name: `n${n}`,
      group: new Int32(n % 3),
      rank: new Int32(n),
      inner: { at: new Date(n) },
      tags: ["a", `t${n}`],
    })),
  );
  for (const [turn, change] of changes.entries()) {
    const names = [0, 3, 6, 9].map((n) => `n${n + (turn % 3)}`);
    await items.updateMany({ name: { $in: names } }, change);
    for (const filter of filters) {
      const expected = await items.find(filter).hint({ $natural: 1 }).sort({ name: 1 }).toArray();
      expect(await items.find(filter).sort({ name: 1 }).toArray()).toEqual(expected);
      for (const [keys] of indexes) {
        expect(await items.find(filter).hint(keys).sort({ name: 1 }).toArray()).toEqual(expected);
      }
    }
  }
  await expect(items.updateOne({ name: "n1" }, { $set: { name: "n2" } })).rejects.toThrow("E11000");
  await items.updateOne({ name: "n1" }, { $set: { name: "n100" } });
  await items.updateOne({ name: "n2" }, { $set: { name: "n1" } });
  expect(await items.find({ name: "n1" }).toArray()).toHaveLength(1);
});
