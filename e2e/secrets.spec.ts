import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { localKeys } from "#src/launcher/keys.ts";
import { signIn } from "./support/accounts.ts";
import { ownStack, type OwnStack } from "./support/own-stack.ts";
import { adaId, goalOf, isDeclined } from "./support/studio.ts";
import { expect, test } from "./support/test.ts";

const bundles = fileURLToPath(new URL("../.next/static", import.meta.url));
const metricsToken = randomBytes(16).toString("hex");
const wrongPassword = `wrong-${randomBytes(8).toString("hex")}`;

/** Sends a request and gives all that can be read of the answer. */
async function told(address: string, init: RequestInit = {}): Promise<string> {
  const response = await fetch(address, { redirect: "manual", signal: AbortSignal.timeout(20_000), ...init });
  return `${response.status} ${JSON.stringify([...response.headers])}\n${await response.text()}`;
}

test.describe("what is secret", () => {
  test.setTimeout(180_000);
  let stack: OwnStack;
  let output = "";
  test.beforeAll(async () => {
    test.setTimeout(180_000);
    stack = await ownStack({
      settings: { LOG_LEVEL: "trace", METRICS_TOKEN: metricsToken },
      onOutput: (text) => (output += text),
    });
  });
  test.afterAll(() => stack?.close());

  test("is in no log, no page, no answer and no bundle, whatever goes wrong", async () => {
    const { app, database } = stack.description;
    const keys = localKeys(stack.env["DATA_DIR"] ?? "");
    const secrets = {
      authSecret: keys.authSecret,
      pusherSecret: keys.pusherSecret,
      inngestEventKey: keys.inngestEventKey,
      inngestSigningKey: keys.inngestSigningKey.replace(/^signkey-\w+-/, ""),
      metricsToken,
    };
    const answers = new Map<string, string>();
    const ask = async (path: string, init: RequestInit = {}) =>
      answers.set(`${init.method ?? "GET"} ${path}`, await told(`${app}${path}`, init));

    const callers = new Map<string, string>();
    for (const name of ["ada", "wen", "root"]) callers.set(name, await signIn(app, `${name}@example.com`));
    const as = (name: string) => {
      const authorization = callers.get(name) ?? "";
      const cookie = `better-auth.session_token=${authorization.replace("Bearer ", "")}`;
      return { byToken: { authorization }, byCookie: { cookie, origin: app } };
    };
    const goal = await goalOf(database, "Vic");
    const json = { "content-type": "application/json" };
    const exercise = async () => {
      for (const [name, pages] of Object.entries({
        ada: [
          "/studio",
          "/api/trpc/studio.overview",
          "/api/auth/get-session",
          `/channels/private-user@${await ada}/data`,
        ],
        wen: ["/me", "/api/trpc/me.invitations", "/no-such-page"],
        root: [
          "/admin",
          "/admin/users",
          "/api/trpc/admin.users.list",
          "/api/trpc/admin.audit.list",
          `/api/trpc/admin.goals.byId?input=${encodeURIComponent(JSON.stringify({ goal_id: goal }))}`,
          "/admin/export/audit.csv",
        ],
      }))
        for (const page of pages) await ask(page, { headers: as(name).byCookie });
      for (const path of [
        "/",
        "/sign-in",
        "/openapi.json",
        "/readyz",
        "/healthz",
        "/api/inngest",
        "/metrics",
        "/nothing",
        "/api/trpc/no.such",
        "/_next/static/x",
        "/.env",
      ])
        await ask(path);
      await ask("/metrics", { headers: { authorization: `Bearer ${metricsToken}` } });
      const body = JSON.stringify({ email: "ada@example.com", password: wrongPassword });
      await ask("/api/auth/sign-in/email", { method: "POST", headers: json, body });
      await ask("/api/auth/sign-in/email?x", { method: "POST", headers: json, body: `${body}{` });
      await ask("/api/trpc/admin.goals.act", {
        method: "POST",
        headers: { ...json, ...as("root").byToken },
        body,
      });
      await ask("/api/pusher/auth", { method: "POST", headers: as("ada").byCookie, body: "socket_id=1.1" });
      await ask("/api/inngest", {
        method: "PUT",
        headers: { ...json, "x-inngest-signature": "t=1&s=1" },
        body: "{}",
      });
    };
    const ada = adaId(database);
    await exercise();
    await ask(`/goals/${goal}`, {
      method: "DELETE",
      headers: { ...json, ...as("ada").byToken },
      body: '{"agree":false}',
    });
    await expect.poll(() => isDeclined(database, goal), { timeout: 30_000 }).toBe(true);
    // And now while nothing that it depends on answers.
    await stack.kill("services");
    const duringOutage = output.length;
    await exercise();
    await expect.poll(() => output.slice(duringOutage), { timeout: 30_000 }).toMatch(/"level":50/);

    const files = readdirSync(bundles, { recursive: true, withFileTypes: true }).filter((file) =>
      file.isFile(),
    );
    expect(files.length).toBeGreaterThan(20);
    const sources = files.map((file) => ({
      place: file.name,
      text: readFileSync(join(file.parentPath, file.name), "latin1"),
    }));
    const places = [
      { place: "the logs", text: output },
      ...[...answers].map(([place, text]) => ({ place, text })),
      ...sources,
    ];
    const found = Object.entries(secrets).flatMap(([name, secret]) =>
      places.filter(({ text }) => text.includes(secret)).map(({ place }) => `${name} in ${place}`),
    );
    expect(found).toEqual([]);

    expect(output).toContain('"level":');
    const people = [...callers].map(([name, token]) => [
      `the token of ${name}`,
      token.slice("Bearer ".length),
    ]);
    const sensitive = Object.fromEntries([...people, ["a password that was tried", wrongPassword]]) as Record<
      string,
      string
    >;
    for (const [name, text] of Object.entries(sensitive)) {
      // The token's first half is the session's own.
      expect(output.includes(text.split(".")[0] ?? text), `${name} is in the logs`).toBe(false);
      const pages = places.filter(({ place }) => /^GET \/(studio|me|admin|sign-in|no|$)/.test(place));
      expect(
        pages.filter((page) => page.text.includes(text)).map(({ place }) => place),
        name,
      ).toEqual([]);
    }
    for (const name of ["AUTH_SECRET", "INNGEST_SIGNING_KEY", "PUSHER_SECRET", "DATABASE_URL", "mongodb://"])
      expect(
        sources.filter(({ text }) => text.includes(name)).map(({ place }) => place),
        name,
      ).toEqual([]);
  });
});
