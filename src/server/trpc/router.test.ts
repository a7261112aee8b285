import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Caller, type Role, roles } from "#src/contract/roles.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { makeScene, type Scene, tokenFor } from "#src/testing/scene.ts";
import { createServices, type Services } from "../services.ts";
import { handleTrpc } from "./handle.ts";
import { appRouter } from "./router.ts";

let app: TestApp;
let scene: Scene;
let goalId: string;
const tokens = new Map<Role, string>();
beforeAll(async () => {
  app = await startTestApp({}, false);
  scene = await makeScene(app.services, ["vic"]);
  goalId = await scene.invite("vic");
  tokens.set("streamer", await tokenFor(app.services, scene.streamerId));
  tokens.set("viewer", await tokenFor(app.services, scene.viewers["vic"] ?? ""));
  for (const role of ["moderator", "admin"] as const) {
    const _id = new ObjectId();
    const email = `${role}@example.com`;
    await app.services.db.driver.collection("user").insertOne({ _id, name: role, email, role });
    tokens.set(role, await tokenFor(app.services, _id.toHexString()));
  }
});
afterAll(async () => app.close());

interface Answer {
  readonly status: number;
  readonly data?: unknown;
  readonly error?: { message: string; data: Record<string, unknown> };
}

/** Asks over HTTP, as a page does. */
async function ask(
  path: string,
  {
    role,
    input,
    services = app.services,
  }: { role?: Role | undefined; input?: unknown; services?: Services } = {},
): Promise<Answer> {
  const query = input === undefined ? "" : `?input=${encodeURIComponent(JSON.stringify(input))}`;
  const headers = role === undefined ? {} : { authorization: `Bearer ${tokens.get(role)}` };
  const request = new Request(`http://localhost:3000/api/trpc/${path}${query}`, { headers });
  const response = await handleTrpc(services, request);
  const body = (await response.json()) as { result?: { data: unknown }; error?: Answer["error"] };
  return {
    status: response.status,
    ...(body.result === undefined ? {} : { data: body.result.data }),
    ...(body.error === undefined ? {} : { error: body.error }),
  };
}

describe("a procedure", () => {
  const moderators: Role[] = ["moderator", "admin"];
  const procedures: [string, () => unknown, Role[]][] = [
    ["studio.overview", () => undefined, ["streamer"]],
    ["me.invitations", () => undefined, ["viewer"]],
    ["me.receipt", () => ({ goal_id: goalId }), ["viewer"]],
    ["admin.goals.list", () => undefined, moderators],
    ["admin.goals.byId", () => ({ goal_id: goalId }), moderators],
  ];

  test("is in the table below, or it is not there", () => {
    expect(Object.keys(appRouter._def.procedures).toSorted()).toEqual(
      procedures.map(([path]) => path).toSorted(),
    );
  });

  test.each(procedures)("%s answers those whom it is for, and nobody else", async (path, input, allowed) => {
    const anonymous = await ask(path, { input: input() });
    expect([anonymous.status, anonymous.error?.data["problem"]]).toEqual([401, "unauthenticated"]);
    const statuses = await Promise.all(
      roles.map(async (role) => {
        const { status, error } = await ask(path, { role, input: input() });
        return [role, status, error?.data["problem"]];
      }),
    );
    expect(statuses).toEqual(
      roles.map((role) => (allowed.includes(role) ? [role, 200, undefined] : [role, 403, "forbidden"])),
    );
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
