import { defineContract } from "@prisma/orm-mongo/contract-builder";
import { MongoAndExpr, MongoFieldFilter, MongoOrExpr } from "@prisma/orm-mongo/query-ast/execution";
import { MongoParamRef } from "@prisma/orm-mongo/value";
import mongo from "@prisma/orm-mongo/runtime";
import { betterAuth } from "better-auth";
import { mongodbAdapter } from "better-auth/adapters/mongodb";
import { ObjectId } from "mongodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestServer, startTestServer } from "./test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const contract = defineContract({}, ({ field, model }) => ({
  models: {
    Item: model("Item", {
      collection: "items",
      fields: { _id: field.objectId(), name: field.string(), count: field.int32(), at: field.date() },
    }),
  },
}));

test("Prisma creates, finds page by page, updates under a guard and counts", async () => {
  const prisma = mongo({ contract, mongoClient: server.client, dbName: "prisma" });
  const { items } = prisma.orm;
  const raw = server.client.db("prisma").collection("items");
  await raw.createIndex({ at: -1, _id: -1 });
  const made = await items.create({ name: "first", count: 1, at: new Date(1000) });
  await items.createAll(Array.from({ length: 9 }, (_, n) => ({ name: `n${n}`, count: n, at: new Date(n) })));

  expect(
    await items
      .where(MongoFieldFilter.eq("_id", MongoParamRef.of(made._id, { codecId: "mongo/objectId@1" })))
      .first(),
  ).toMatchObject({ name: "first", at: new Date(1000) });
  const page = items.orderBy({ at: -1, _id: -1 }).limit(3);
  const first = await page.select("name", "at").all();
  expect(first.map((item) => item.name)).toEqual(["first", "n8", "n7"]);
  const after = MongoOrExpr.of([MongoFieldFilter.lt("at", new Date(7))]);
  expect((await page.where(after).all()).map((item) => item.name)).toEqual(["n6", "n5", "n4"]);

  const unchanged = MongoAndExpr.of([MongoFieldFilter.eq("name", "first"), MongoFieldFilter.eq("count", 1)]);
  expect(await items.where(unchanged).updateAndCount({ count: 6 })).toBe(1);
  expect(await items.where(unchanged).updateAndCount({ count: 6 })).toBe(0);

  const runtime = await prisma.runtime();
  const _id = new ObjectId(made._id);
  const guarded = prisma.raw
    .collection("items")
    .findOneAndUpdate(
      { _id, count: 6 },
      { $set: { name: "done", "map.key": true }, $min: { at: new Date(5) } },
    )
    .build();
  expect(await runtime.query(guarded)).toMatchObject([{ _id, name: "first", count: 6 }]);
  expect(await runtime.query(guarded)).toMatchObject([{ name: "done" }]);
  expect(await raw.findOne({ _id })).toEqual({
    _id,
    name: "done",
    count: 6,
    at: new Date(5),
    map: { key: true },
  });
  expect(await items.where(MongoFieldFilter.eq("name", "done")).deleteAndCount()).toBe(1);
});

test("better-auth signs users up and in, and refuses a second account of one address", async () => {
  const auth = betterAuth({
    baseURL: "http://localhost:3000",
    secret: "a secret for this test alone, long enough",
    database: mongodbAdapter(server.client.db("auth")),
    emailAndPassword: { enabled: true },
    logger: { disabled: true },
  });
  const account = { name: "Ada", email: "ada@example.com", password: "goalkeeper" };
  const signedUp = await auth.api.signUpEmail({ body: account });
  expect(signedUp.user.email).toBe(account.email);
  await expect(auth.api.signUpEmail({ body: account })).rejects.toThrow("User already exists");

  const response = await auth.api.signInEmail({ body: account, asResponse: true });
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const session = await auth.api.getSession({ headers: new Headers({ cookie }) });
  expect(session?.user).toMatchObject({ id: signedUp.user.id, name: "Ada" });
  await expect(auth.api.signInEmail({ body: { ...account, password: "another one" } })).rejects.toThrow(
    "Invalid email or password",
  );

  await auth.api.signOut({ headers: new Headers({ cookie }) });
  expect(await auth.api.getSession({ headers: new Headers({ cookie }) })).toBeNull();
  expect(await server.client.db("auth").collection("user").countDocuments()).toBe(1);
});
