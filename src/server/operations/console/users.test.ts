import { randomUUID } from "node:crypto";
import { type Document, type Filter, ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Caller, Role } from "#src/contract/roles.ts";
import { findEntry } from "#src/server/data/audit-log.ts";
import { userFilter, type UserSelection } from "#src/server/data/user-lists.ts";
import { findRole } from "#src/server/data/user-roles.ts";
import { findCaller } from "#src/server/http/caller.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { dying } from "#src/testing/dying.ts";
import { tokenFor } from "#src/testing/scene.ts";
import type { Services } from "../../services.ts";
import { auditIdOf } from "./audit.ts";
import { reconcileAudit } from "./reconcile-audit.ts";
import { listUsers, setRole } from "./users.ts";

let app: TestApp;
beforeAll(async () => (app = await startTestApp({}, false)));
afterAll(async () => app.close());

const users = () => app.services.db.driver.collection("user");

/** A new account. */
async function account(role: Role, email = `${randomUUID()}@example.com`): Promise<Caller> {
  const _id = new ObjectId();
  await users().insertOne({ _id, name: email, email, role, createdAt: new Date(0) });
  return { id: _id.toHexString(), name: email, email, role };
}
const request = (userId: string, role: Role) => ({
  userId,
  role,
  reason: "They asked for it.",
  requestId: randomUUID(),
});
const give = (by: Caller, to: Caller, role: Role, services: Services = app.services) =>
  setRole(services, by, request(to.id, role));
const roleOf = async ({ id }: Caller) => (await findRole(app.services.db, id))?.role;
const refused = { code: "action_refused" };

describe("giving a role", () => {
  test("changes it for the very next request, ends the live connections, and leaves an entry", async () => {
    const [root, vic] = [await account("admin"), await account("moderator")];
    const headers = new Headers({ authorization: `Bearer ${await tokenFor(app.services, vic.id)}` });
    expect((await findCaller(app.services, headers))?.role).toBe("moderator");
    const ended: string[] = [];
    const live = {
      ...app.services.live,
      endConnections: (id: string) => Promise.resolve(void ended.push(id)),
    };
    const given = await give(root, vic, "viewer", { ...app.services, live });
    expect(given).toMatchObject({ before: "moderator", after: "viewer" });
    expect((await findCaller(app.services, headers))?.role).toBe("viewer");
    expect(ended).toEqual([vic.id]);
    expect(await findEntry(app.services.db, new ObjectId(given.audit_id))).toMatchObject({
      action: "user.set_role",
      target: `user:${vic.id}`,
      status: "completed",
      before: { role: "moderator" },
      after: { role: "viewer" },
    });
  });

  test("to oneself is refused, whichever role", async () => {
    const root = await account("admin");
    for (const role of ["viewer", "admin"] as const) {
      await expect(give(root, root, role)).rejects.toMatchObject(refused);
    }
    expect(await roleOf(root)).toBe("admin");
  });

  test("to nobody is user_not_found, and leaves no entry", async () => {
    const root = await account("admin");
    const asked = request("0".repeat(24), "viewer");
    await expect(setRole(app.services, root, asked)).rejects.toMatchObject({ code: "user_not_found" });
    const id = new ObjectId(auditIdOf(root.id, asked.requestId));
    expect(await findEntry(app.services.db, id)).toBeNull();
  });

  test("is no longer open to whoever was an admin when asking", async () => {
    const [root, vic] = [await account("viewer"), await account("viewer")];
    await expect(give({ ...root, role: "admin" }, vic, "admin")).rejects.toMatchObject(refused);
    expect(await roleOf(vic)).toBe("viewer");
  });

  test("by two at once to one account ends as one of them gave it, and as the log says", async () => {
    const [one, two, vic] = [await account("admin"), await account("admin"), await account("viewer")];
    const settled = await Promise.allSettled([give(one, vic, "streamer"), give(two, vic, "moderator")]);
    const done = settled.flatMap((end) => (end.status === "fulfilled" ? [end.value.after] : []));
    expect(done).toContain(await roleOf(vic));
  });

  test("leaves an admin, however admins take each other's role away at once", async () => {
    for (let round = 0; round < 10; round++) {
      await users().updateMany({ role: "admin" }, { $set: { role: "viewer" } });
      const [one, two] = [await account("admin"), await account("admin")];
      await Promise.allSettled([give(one, two, "viewer"), give(two, one, "viewer")]);
      expect(await users().countDocuments({ role: "admin" })).toBeGreaterThan(0);
    }
  });

  test("whose process dies anywhere is completed in the log if it was done, even if somebody gives another since", async () => {
    const [root, other] = [await account("admin"), await account("admin")];
    for (let operations = 0; ; operations++) {
      const vic = await account("viewer");
      const asked = request(vic.id, "streamer");
      const process = dying(app.services, operations);
      await setRole(process.services, root, asked).catch(() => undefined);
      const done = (await roleOf(vic)) === "streamer";
      await give(other, vic, "moderator");
      await reconcileAudit({ ...app.services, clock: () => new Date(Date.now() + 16 * 60_000) });
      const entry = await findEntry(app.services.db, new ObjectId(auditIdOf(root.id, asked.requestId)));
      expect(entry?.status ?? "none").toMatch(done ? /completed/ : /none|lapsed/);
      // What is settled is not done again; what never had an entry comes for the first time.
      await setRole(app.services, root, asked).catch(() => undefined);
      expect(await roleOf(vic)).toBe(entry === null ? "streamer" : "moderator");
      if (!process.died()) break;
    }
  });
});

describe("the list of accounts", () => {
  const list = async (filter: { q?: string; role?: Role }, limit = 50) => {
    const found: string[] = [];
    let after = null;
    do {
      const { users: page, next }: Awaited<ReturnType<typeof listUsers>> = await listUsers(
        app.services,
        filter,
        after,
        limit,
      );
      found.push(...page.map(({ email }) => email));
      after = next;
    } while (after !== null);
    return found;
  };

  test("is by address, a page at a time, and finds by how an address begins, by id and by role", async () => {
    const tag = randomUUID();
    const emails = ["a", "b", "b.x", "c"].map((name) => `${tag}-${name}@example.com`);
    const accounts = [];
    for (const email of emails.toReversed()) accounts.push(await account("viewer", email));
    await account("moderator", `${tag}-d@example.com`);
    for (const limit of [1, 2, 50])
      expect(await list({ q: tag, role: "viewer" }, limit)).toEqual(emails.toSorted());
    expect(await list({ q: `${tag.toUpperCase()}-B` })).toEqual(emails.slice(1, 3).toSorted());
    expect(await list({ q: tag, role: "moderator" })).toEqual([`${tag}-d@example.com`]);
    expect(await list({ q: accounts[0]?.id ?? "" })).toEqual([emails[3]]);
    expect(await list({ q: "0".repeat(24) })).toEqual([]);
    expect(await list({ q: ".*" })).toEqual([]);
  });

  test.each<[UserSelection, string | null]>([
    [{}, null],
    [{}, "m@example.com"],
    [{ q: "ada" }, null],
    [{ q: "ada" }, "ada@example.com"],
    [{ role: "admin" }, null],
    [{ role: "viewer", q: "ada" }, "ada@example.com"],
  ])("of %j after %s comes off a declared index, in its order", async (selection, after) => {
    const explained = await users()
      .find(userFilter(selection, after) as Filter<Document>)
      .sort({ email: 1 })
      .limit(50)
      .explain();
    const plan = JSON.stringify(
      (explained as { queryPlanner: { winningPlan: unknown } }).queryPlanner.winningPlan,
    );
    expect(plan).toContain("IXSCAN");
    expect(plan).not.toMatch(/COLLSCAN|"SORT"/);
  });
});
