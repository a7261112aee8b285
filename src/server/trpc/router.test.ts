import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Caller, roles } from "#src/contract/roles.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { type Askers, openAskers } from "#src/testing/ask.ts";
import { proceduresOf } from "#src/testing/procedures.ts";
import { makeScene, type Scene } from "#src/testing/scene.ts";
import { createServices } from "../services.ts";
import { appRouter } from "./router.ts";

let app: TestApp;
let scene: Scene;
let askers: Askers;
let goalId: string;
beforeAll(async () => {
  app = await startTestApp({}, false);
  scene = await makeScene(app.services, ["vic"]);
  goalId = await scene.invite("vic");
  askers = await openAskers(app.services, { streamer: scene.streamerId, viewer: scene.viewers["vic"] ?? "" });
});
afterAll(async () => app.close());

const ask: Askers["ask"] = (path, question) => askers.ask(path, question);

describe("a procedure", () => {
  const procedures = proceduresOf({ goalId: () => goalId, sessionId: () => scene.sessionId });

  test("is in the table, and asked the way its kind is asked, or it is not there", () => {
    const known = Object.entries(appRouter._def.procedures).map(([path, procedure]) => {
      const { type } = (procedure as unknown as { _def: { type: string } })._def;
      return `${type === "mutation" ? "POST" : "GET"} ${path}`;
    });
    expect(known.toSorted()).toEqual(procedures.map(([method, path]) => `${method} ${path}`).toSorted());
  });

  test.each(procedures)(
    "%s %s answers those whom it is for, and nobody else",
    async (method, path, input, allowed, told) => {
      const [status, problem] = told ?? [200, undefined];
      const anonymous = await ask(path, { method, input: input() });
      expect([anonymous.status, anonymous.error?.data["problem"]]).toEqual([401, "unauthenticated"]);
      const answers = await Promise.all(
        roles.map(async (role) => {
          const answer = await ask(path, { method, role, input: input() });
          return [role, answer.status, answer.error?.data["problem"]];
        }),
      );
      expect(answers).toEqual(
        roles.map((role) => (allowed.includes(role) ? [role, status, problem] : [role, 403, "forbidden"])),
      );
    },
  );

  test.each(procedures)("%s %s is not answered the other way", async (method, path, input) => {
    const other = method === "GET" ? "POST" : "GET";
    expect((await ask(path, { method: other, role: "admin", input: input() })).status).toBe(405);
  });

  test("gives the streamer and the viewer what is theirs", async () => {
    expect((await ask("studio.overview", { role: "streamer" })).data).toMatchObject({
      session: { id: scene.sessionId },
      invitations: [{ goal_id: goalId, state: "pending", amount: 1_200 }],
      pairs: [{ goal_id: goalId, state: "pending" }],
      history: [],
    });
    expect((await ask("me.invitations", { role: "viewer" })).data).toMatchObject([{ goal_id: goalId }]);
  });

  test.each<[string, unknown]>([
    ["admin.goals.byId", undefined],
    ["admin.goals.byId", {}],
    ["admin.goals.byId", { goal_id: "x" }],
    ["admin.goals.byId", { goal_id: { $ne: null } }],
    ["admin.goals.list", { limit: 0 }],
    ["admin.goals.list", { limit: 201 }],
    ["admin.goals.list", { limit: 1.5 }],
    ["admin.goals.list", { cursor: { exp: "yesterday", id: "a".repeat(24) } }],
    ["admin.goals.list", { cursor: { exp: new Date(0).toISOString(), id: "x" } }],
    ["admin.goals.list", []],
  ])("%s refuses the input %j, by the code of a malformed request", async (path, input) => {
    const { status, error } = await ask(path, { role: "admin", input });
    expect([status, error?.data["problem"], error?.data["code"]]).toEqual([
      400,
      "invalid_request",
      "BAD_REQUEST",
    ]);
  });

  test("says who may not ask before it says what is wrong with the input", async () => {
    expect((await ask("admin.goals.byId", { input: {} })).status).toBe(401);
    expect((await ask("admin.goals.byId", { role: "viewer", input: {} })).status).toBe(403);
  });

  test("knows goals by the same code as everything else", async () => {
    const { status, error } = await ask("admin.goals.byId", {
      role: "admin",
      input: { goal_id: "0".repeat(24) },
    });
    expect([status, error?.data["problem"]]).toEqual([404, "goal_not_found"]);
  });
});

describe("an error", () => {
  test("has code, status, path and problem, and never a stack", async () => {
    for (const path of ["studio.overview", "no.such"]) {
      const { error } = await ask(path);
      expect(Object.keys(error ?? {}).toSorted()).toEqual(["code", "data", "message"]);
      expect(Object.keys(error?.data ?? {}).toSorted()).toEqual(["code", "httpStatus", "path", "problem"]);
      expect(JSON.stringify(error)).not.toMatch(/\.ts|node_modules|stack/);
    }
  });

  test("of something unforeseen tells nothing of it", async () => {
    const broken = {
      ...app.services,
      clock: () => {
        throw new Error("the secret is 42");
      },
    };
    const { status, error } = await ask("studio.overview", { role: "streamer", services: broken });
    expect([status, error?.data["problem"]]).toEqual([500, "internal_error"]);
    expect(JSON.stringify(error)).not.toContain("42");
  });

  test("of an absent database is 503, for who is asking as for what is asked", async () => {
    const away = createServices({ ...app.services.settings, DATABASE_URL: "mongodb://127.0.0.1:9/away" });
    try {
      const caller: Caller = { id: scene.streamerId, name: "", email: "", role: "streamer" };
      const known = appRouter.createCaller({ services: away, caller: () => Promise.resolve(caller) });
      const [unknown, error] = await Promise.all([
        ask("studio.overview", { role: "streamer", services: away }),
        known.studio.overview().catch((failure: unknown) => failure),
      ]);
      expect([unknown.status, unknown.error?.data["problem"]]).toEqual([503, "unavailable"]);
      expect(error).toMatchObject({ code: "SERVICE_UNAVAILABLE", cause: { code: "unavailable" } });
    } finally {
      await away.close();
    }
  });
});
