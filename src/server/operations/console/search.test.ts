import { ObjectId } from "mongodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { makeScene } from "#src/testing/scene.ts";
import { spellings, usersBeginning } from "../../data/user-search.ts";
import { search } from "./search.ts";

let app: TestApp;
const names = ["Ludwig van Beethoven", "ludo", "LUDI", "Anne-Marie", "王小明", "Lu 🎹", "Zoë"];
beforeAll(async () => {
  app = await startTestApp({}, false);
  await app.services.db.driver.collection("user").insertMany([
    ...names.map((name, n) => ({ _id: new ObjectId(), name, email: `p${n}@example.com`, role: "viewer" })),
    // Many others, whom a search must not read.
    ...Array.from({ length: 500 }, (_, n) => ({
      name: `Many ${n}`,
      email: `many${n}@example.org`,
      role: "viewer",
    })),
  ]);
});
afterAll(async () => app.close());

const found = async (q: string) => (await search(app.services, q)).users.map(({ name }) => name);

test.each<[string, string[]]>([
  ["ludwig VAN", ["Ludwig van Beethoven"]],
  ["lud", ["Ludwig van Beethoven", "ludo", "LUDI"]],
  ["anne-marie", ["Anne-Marie"]],
  ["王小", ["王小明"]],
  ["lu ", ["Lu 🎹"]],
  ["ZOË", ["Zoë"]],
  ["P3@Example.COM", ["Anne-Marie"]],
  ["p3@", ["Anne-Marie"]],
  ["eethoven", []],
  ["$where", []],
  [".*", []],
])("%j finds %j, and nobody else", async (q, expected) => {
  const sorted = (list: string[]) => list.toSorted((a, b) => a.localeCompare(b));
  expect(sorted(await found(q))).toEqual(sorted(expected));
});

test("five people are shown at most, addresses before names", async () => {
  expect(await found("many")).toHaveLength(5);
});

test("an id is found whole, in either case, with the names of its people", async () => {
  const scene = await makeScene(app.services, ["vic"]);
  const goalId = await scene.invite("vic");
  const nothing = { goals: [], users: [], sessions: [] };
  expect(await search(app.services, goalId.toUpperCase())).toEqual({
    ...nothing,
    goals: [{ id: goalId, viewer: "vic", streamer: "ada" }],
  });
  expect(await search(app.services, scene.sessionId)).toEqual({
    ...nothing,
    sessions: [{ id: scene.sessionId, streamer: "ada" }],
  });
  const viewer = scene.viewers["vic"] ?? "";
  expect(await search(app.services, viewer)).toMatchObject({
    ...nothing,
    users: [{ id: viewer, role: "viewer" }],
  });
  expect(await search(app.services, goalId.slice(0, 23))).toEqual(nothing);
  expect(await search(app.services, "f".repeat(24))).toEqual(nothing);
});

test("people are found by declared indexes, reading no more than is shown", async () => {
  for (const field of ["email", "name"] as const) {
    for (const spelling of spellings(field, "many")) {
      const { queryPlanner, executionStats } = await usersBeginning(
        app.services.db,
        field,
        spelling,
        5,
      ).explain();
      const stages = JSON.stringify(queryPlanner.winningPlan);
      expect(stages).toContain(`"keyPattern":{"${field}":1}`);
      expect(stages).not.toContain("SORT");
      expect(executionStats.totalDocsExamined).toBe(executionStats.nReturned);
    }
  }
});
