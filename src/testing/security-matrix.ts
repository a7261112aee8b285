import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { startTestApp } from "./app.ts";
import { type Actor, actors, type Cast, makeCast } from "./cast.ts";
import { proceduresOf } from "./procedures.ts";
import { type Call, callRoute } from "./routes.ts";
import type { Services } from "#src/server/services.ts";

/**
 * Who gets what from every route and every procedure, asked one by one. `node src/testing/security-matrix.ts` writes
 * the table to docs/security-matrix.md; a test fails while that page says anything else.
 */

/** What one line of the table asks. */
export interface Row {
  readonly title: string;
  /** The route's folder in `src/app`. */
  readonly route: string;
  readonly call: (cast: Cast) => Call;
}

const nobody = "0".repeat(24);
const decline = (goalId: string): Call => ({
  method: "DELETE",
  path: `/goals/${goalId}`,
  headers: { "content-type": "application/json" },
  body: '{"agree":false}',
});
const get = (path: string): Call => ({ method: "GET", path });
const post = (path: string, body: unknown): Call => ({
  method: "POST",
  path,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});
const join = (channel_name: string): Call => ({
  method: "POST",
  path: "/api/pusher/auth",
  body: new URLSearchParams({
    socket_id: "1.1",
    ...(channel_name === "" ? {} : { channel_name }),
  }).toString(),
});

/** Channels by whose they are, and how to name one of theirs. */
const channels: readonly [whose: string, name: (cast: Cast) => string][] = [
  ...["private-stream", "presence-stream", "private-user", "private-enc-user", "private-enc-stream"].map(
    (kind) =>
      [`${kind}@ of the streamer`, ({ ids }: Cast) => `${kind}@${ids.streamer}`] satisfies [string, unknown],
  ),
  ["private-user@ of the viewer", ({ ids }) => `private-user@${ids.viewer}`],
  ["private-user@ of nobody", () => `private-user@${nobody}`],
  ["private-admin", () => "private-admin"],
  ["a channel that is none of ours", () => "private-nothing"],
];

const routeRows: readonly Row[] = [
  {
    title: "DELETE, the streamer's pending goal",
    route: "goals/[goal_id]",
    call: ({ goalId }) => decline(goalId),
  },
  {
    title: "DELETE, the other streamer's pending goal",
    route: "goals/[goal_id]",
    call: ({ otherGoalId }) => decline(otherGoalId),
  },
  { title: "DELETE, a goal that does not exist", route: "goals/[goal_id]", call: () => decline(nobody) },
  { title: "DELETE, no goal's id", route: "goals/[goal_id]", call: () => decline("x") },
  {
    title: "GET, the streamer's session",
    route: "sessions/[session_id]/token",
    call: ({ scene }) => get(`/sessions/${scene.sessionId}/token`),
  },
  {
    title: "GET, a session that does not exist",
    route: "sessions/[session_id]/token",
    call: () => get(`/sessions/${nobody}/token`),
  },
  ...channels.map(([whose, name]): Row => ({
    title: `GET, ${whose}`,
    route: "channels/[name]/data",
    call: (cast) => get(`/channels/${encodeURIComponent(name(cast))}/data`),
  })),
  ...channels.map(([whose, name]): Row => ({
    title: `POST, ${whose}`,
    route: "api/pusher/auth",
    call: (cast) => join(name(cast)),
  })),
  { title: "POST, one's own connection", route: "api/pusher/auth", call: () => join("") },
  { title: "GET", route: "admin/export/goals.csv", call: () => get("/admin/export/goals.csv") },
  { title: "GET", route: "admin/export/audit.csv", call: () => get("/admin/export/audit.csv") },
  { title: "GET, without its own token", route: "metrics", call: () => get("/metrics") },
  { title: "GET", route: "healthz", call: () => get("/healthz") },
  { title: "GET", route: "readyz", call: () => get("/readyz") },
  { title: "GET", route: "openapi.json", call: () => get("/openapi.json") },
  { title: "GET, unsigned", route: "api/inngest", call: () => get("/api/inngest") },
  { title: "POST, unsigned", route: "api/inngest", call: () => post("/api/inngest?fnId=x", {}) },
  {
    title: "PUT, unsigned",
    route: "api/inngest",
    call: () => ({ method: "PUT", path: "/api/inngest" }),
  },
  {
    title: "POST sign-up",
    route: "api/auth/[...all]",
    call: () =>
      post("/api/auth/sign-up/email", { name: "x", email: "x@example.com", password: "goalkeeper" }),
  },
  { title: "GET sessions", route: "api/auth/[...all]", call: () => get("/api/auth/list-sessions") },
  {
    title: "POST a role of one's own",
    route: "api/auth/[...all]",
    call: () => post("/api/auth/update-user", { role: "admin" }),
  },
];

function procedureRows(): Row[] {
  const objects: { cast?: Cast } = {};
  const rows = proceduresOf({
    goalId: () => objects.cast?.goalId ?? nobody,
    sessionId: () => objects.cast?.scene.sessionId ?? nobody,
  }).map(([method, path, input]): Row => ({
    title: `${method} ${path}`,
    route: "api/trpc/[trpc]",
    call: (cast) => {
      objects.cast = cast;
      return ask(method, path, input());
    },
  }));
  const receipt = (title: string, goalId: (cast: Cast) => string): Row => ({
    title: `GET me.receipt, ${title}`,
    route: "api/trpc/[trpc]",
    call: (cast) => ask("GET", "me.receipt", { goal_id: goalId(cast) }),
  });
  return [
    ...rows,
    receipt("the other viewer's goal", ({ otherGoalId }) => otherGoalId),
    receipt("a goal that does not exist", () => nobody),
  ];
}

const ask = (method: "GET" | "POST", path: string, input: unknown): Call =>
  method === "POST"
    ? post(`/api/trpc/${path}`, input)
    : get(
        `/api/trpc/${path}${input === undefined ? "" : `?input=${encodeURIComponent(JSON.stringify(input))}`}`,
      );

/** Every line. */
export const rows: readonly Row[] = [...routeRows, ...procedureRows()];

/** What one actor is told: the status, and the problem's code where there is one. */
async function told(services: Services, cast: Cast, row: Row, actor: Actor): Promise<string> {
  const call = row.call(cast);
  const headers = { ...call.headers, "x-client-address": "192.0.2.1", ...cast.bearer(actor) };
  const response = await callRoute(services, { ...call, headers });
  const text = await response.text();
  const code = /"(?:code|problem)":"([a-z_]+)"/.exec(text)?.[1];
  return response.ok || code === undefined ? String(response.status) : `${response.status} \`${code}\``;
}

/** A table with its columns below each other, as the formatter wants it. */
function table(lines: readonly (readonly string[])[]): string[] {
  const [head = []] = lines;
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const row = (cells: readonly string[], fill = " ") =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(" | ")} |`;
  const [first = "", ...others] = lines.map((line) => row(line));
  return [
    first,
    row(
      head.map(() => ""),
      "-",
    ),
    ...others,
  ];
}

/** The page: one table, a line for each row and a column for each actor. Services must serve no functions. */
export async function securityMatrix(services: Services): Promise<string> {
  const cast = await makeCast(services);
  const lines: string[][] = [["route", "asked", ...actors]];
  for (const row of rows) {
    const line = [`\`/${row.route}\``, row.title];
    // oxlint-disable-next-line no-await-in-loop -- one after another, so that nobody's requests are in another's way
    for (const actor of actors) line.push(await told(services, cast, row, actor));
    lines.push(line);
  }
  return [
    "# Who gets what",
    "",
    "Made by `node src/testing/security-matrix.ts`, which asks every route and every procedure as everyone; a test fails while this page says",
    "anything else. The streamer is live and has the viewer's invitation; the other streamer is live and has the other viewer's.",
    "`e2e/who-may-open.spec.ts` does the same for pages.",
    "",
    ...table(lines),
    "",
  ].join("\n");
}

/** The page's place. */
export const matrixFile = fileURLToPath(new URL("../../docs/security-matrix.md", import.meta.url));

/** The settings under which it is made: limits that none of its requests meets. */
export const matrixSettings = {
  RATE_LIMIT_DECLINE: "10000",
  RATE_LIMIT_SIGN_IN: "10000",
  RATE_LIMIT_BY_HAND: "10000",
  METRICS_TOKEN: "of-the-metrics-alone",
};

if (import.meta.main) {
  const app = await startTestApp(matrixSettings, false);
  try {
    await writeFile(matrixFile, await securityMatrix(app.services));
  } finally {
    await app.close();
  }
}
