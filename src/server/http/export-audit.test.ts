import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { makeScene, type Scene, tokenFor } from "#src/testing/scene.ts";
import { listAudit } from "../operations/console/audit-list.ts";
import type { Cursor } from "../operations/console/goal-list.ts";
import { handleAuditExport } from "./export-audit.ts";

let app: TestApp;
let scene: Scene;
beforeAll(async () => {
  app = await startTestApp({}, false);
  scene = await makeScene(app.services, []);
});
afterAll(async () => app.close());

describe("the audit log", () => {
  const minute = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, n));
  const actor = () => new ObjectId(scene.streamerId);
  beforeAll(async () => {
    const entries = Array.from({ length: 7 }, (_, n) => ({
      _id: new ObjectId(n.toString(16).padStart(24, "0")),
      actor: n % 2 === 0 ? actor() : new ObjectId(),
      role: "admin",
      action: n === 3 ? "refund.hold" : "goal.retry",
      target: `goal:${n}`,
      reason: n === 6 ? '=cmd|"/c calc"' : "Because it failed.",
      status: n === 5 ? "lapsed" : "completed",
      before: { n, id: new ObjectId("a".repeat(24)) },
      at: minute(n < 3 ? 0 : n),
    }));
    await app.services.db.driver.collection("audit_log").insertMany(entries);
  });
  const targets = async (filter: Parameters<typeof listAudit>[1]) => {
    const all: string[] = [];
    for (let after: Cursor | null = null; ;) {
      const page: Awaited<ReturnType<typeof listAudit>> = await listAudit(app.services, filter, after, 2);
      all.push(...page.entries.map(({ target }) => target.slice("goal:".length)));
      if (page.next === null) return all;
      after = page.next;
    }
  };

  test("comes newest first, each entry once, and as its filter says", async () => {
    const iso = (n: number) => minute(n).toISOString();
    expect(await targets({})).toEqual(["6", "5", "4", "3", "2", "1", "0"]);
    expect(await targets({ actor: scene.streamerId })).toEqual(["6", "4", "2", "0"]);
    expect(await targets({ action: "refund.hold" })).toEqual(["3"]);
    expect(await targets({ status: "lapsed" })).toEqual(["5"]);
    expect(await targets({ target: "goal:1" })).toEqual(["1"]);
    expect(await targets({ from: iso(3), to: iso(5) })).toEqual(["4", "3"]);
    expect(await targets({ actor: scene.streamerId, from: iso(0), to: iso(1) })).toEqual(["2", "0"]);
  });

  test("names who acted, and shows what they did as JSON has it", async () => {
    const { entries } = await listAudit(app.services, { target: "goal:4" }, null, 1);
    expect(entries).toMatchObject([
      { actor: { id: scene.streamerId, name: "ada" }, before: { n: 4, id: "a".repeat(24) }, after: null },
    ]);
  });

  const ask = async (role: string | null, query: string) => {
    const { services } = app;
    const headers = new Headers();
    if (role !== null) {
      const _id = new ObjectId();
      const account = { _id, name: role, email: `${_id.toHexString()}@example.com`, role };
      await services.db.driver.collection("user").insertOne(account);
      headers.set("authorization", `Bearer ${await tokenFor(services, _id.toHexString())}`);
    }
    const url = `http://localhost:3000/admin/export/audit.csv${query}`;
    return await handleAuditExport(services, new Request(url, { headers }));
  };

  test("is exported to moderators and admins alone", async () => {
    expect((await ask(null, "")).status).toBe(401);
    for (const role of ["viewer", "streamer"]) expect((await ask(role, "")).status).toBe(403);
    for (const role of ["moderator", "admin"]) {
      const exported = await ask(role, "");
      expect(exported.headers.get("content-type")).toBe("text/csv; charset=utf-8");
      expect((await exported.text()).trim().split("\r\n")).toHaveLength(8);
    }
  });

  test("is exported as the filter says, and nothing in it runs as a formula", async () => {
    const text = await (await ask("moderator", "?target=goal%3A6&status=")).text();
    const [header, line, ...rest] = text.trim().split("\r\n");
    expect(header).toContain("id,at,completed,actor,actor_name,role,action,target,status,reason");
    expect(line).toContain(`"'=cmd|""/c calc"""`);
    expect(rest).toEqual([]);
    for (const query of ["?status=odd", "?from=yesterday", "?actor=ada", "?unknown=1"]) {
      expect((await ask("moderator", query)).status).toBe(400);
    }
  });
});
