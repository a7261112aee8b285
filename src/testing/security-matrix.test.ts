import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appRouter } from "#src/server/trpc/router.ts";
import { startTestApp, type TestApp } from "./app.ts";
import { type Actor, type Cast, makeCast } from "./cast.ts";
import { callRoute } from "./routes.ts";
import { matrixFile, matrixSettings, rows, securityMatrix } from "./security-matrix.ts";

let app: TestApp;
let cast: Cast;
beforeAll(async () => {
  app = await startTestApp(matrixSettings, false);
  cast = await makeCast(app.services);
});
afterAll(async () => app.close());

test("who gets what is as the page says: run node src/testing/security-matrix.ts when it is meant to differ", async () => {
  expect(await securityMatrix(app.services)).toBe(await readFile(matrixFile, "utf8"));
});

test("every route and every procedure is in it", () => {
  const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "src/app"], {
    encoding: "utf8",
  });
  const folders = [...files.matchAll(/^src\/app\/(.+)\/route\.ts$/gm)].map(([, folder]) => folder);
  expect([...new Set(rows.map(({ route }) => route))].toSorted()).toEqual(folders.map(String).toSorted());
  const asked = rows.flatMap(({ route, title }) =>
    route.startsWith("api/trpc") ? title.split(/[ ,]/)[1] : [],
  );
  expect([...new Set(asked.map(String))].toSorted()).toEqual(
    Object.keys(appRouter._def.procedures).toSorted(),
  );
});

describe("what is somebody else's and what does not exist", () => {
  const pairs: readonly [theirs: string, absent: string, by: readonly Actor[]][] = [
    [
      "DELETE, the other streamer's pending goal",
      "DELETE, a goal that does not exist",
      ["viewer", "another viewer", "streamer", "moderator", "admin"],
    ],
    ["GET me.receipt, the other viewer's goal", "GET me.receipt, a goal that does not exist", ["viewer"]],
    [
      "GET, the streamer's session",
      "GET, a session that does not exist",
      ["another streamer", "moderator", "admin"],
    ],
    [
      "GET, private-user@ of the streamer",
      "GET, a channel that is none of ours",
      ["viewer", "another streamer"],
    ],
    [
      "GET, private-enc-user@ of the streamer",
      "GET, private-user@ of nobody",
      ["viewer", "another streamer"],
    ],
    ["POST, private-user@ of the streamer", "POST, private-user@ of nobody", ["viewer", "another streamer"]],
  ];
  const ask = async (title: string, actor: Actor) => {
    const row = rows.find((one) => one.title === title);
    if (row === undefined) throw new Error(`There is no row ${title}.`);
    const call = row.call(cast);
    return await callRoute(app.services, { ...call, headers: { ...call.headers, ...cast.bearer(actor) } });
  };

  test.each(pairs)("are answered alike but for `instance`: %s and %s", async (theirs, absent, by) => {
    for (const actor of by) {
      const [one, two] = await Promise.all([ask(theirs, actor), ask(absent, actor)]);
      const [oneBody, twoBody] = [await one.text(), await two.text()];
      const plain = (text: string) => text.replace(/"instance":"[^"]*"/, "");
      expect(plain(oneBody)).toBe(plain(twoBody));
      expect([...one.headers]).toEqual([...two.headers]);
      expect(one.status).toBe(two.status);
    }
  });

  test("take about as long, so that no clock tells them apart", async () => {
    const took = { theirs: [] as number[], absent: [] as number[] };
    for (let n = 0; n < 100; n++) {
      for (const [which, title] of [
        ["theirs", "DELETE, the other streamer's pending goal"],
        ["absent", "DELETE, a goal that does not exist"],
      ] as const) {
        const began = performance.now();
        await ask(title, "streamer");
        took[which].push(performance.now() - began);
      }
    }
    const median = (times: number[]) => times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0;
    const ratio = median(took.theirs) / median(took.absent);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });
});

test("nobody ends another's session, or learns of it, with its token", async () => {
  const token = cast.bearer("viewer")["authorization"]?.slice("Bearer ".length) ?? "";
  const post = (path: string, actor: Actor, body: object) =>
    callRoute(app.services, {
      method: "POST",
      path: `/api/auth/${path}`,
      headers: { "content-type": "application/json", ...cast.bearer(actor) },
      body: JSON.stringify(body),
    });
  await post("revoke-session", "another viewer", { token });
  const listed = await callRoute(app.services, {
    method: "GET",
    path: "/api/auth/list-sessions",
    headers: cast.bearer("another viewer"),
  });
  expect(JSON.stringify(await listed.json())).not.toContain(cast.ids.viewer);
  const still = await callRoute(app.services, {
    method: "GET",
    path: `/channels/private-user@${cast.ids.viewer}/data`,
    headers: cast.bearer("viewer"),
  });
  expect(still.status).toBe(200);
});

test("a forged, a foreign or a half token is nobody's", async () => {
  const token = cast.bearer("streamer")["authorization"] ?? "";
  const forged = [
    `${token}x`,
    token.slice(0, -1),
    token.replace("Bearer", "Basic"),
    "Bearer",
    "Bearer null",
    `${token}.sig`,
  ];
  for (const authorization of forged) {
    const { path, method } = { method: "GET", path: `/channels/private-user@${cast.ids.streamer}/data` };
    expect((await callRoute(app.services, { method, path, headers: { authorization } })).status).toBe(401);
  }
});
