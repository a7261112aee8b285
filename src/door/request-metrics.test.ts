import { globSync } from "node:fs";
import { createServer } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { once } from "node:events";
import { expect, test, vi } from "vitest";
import { openMetrics } from "#src/server/gateways/metrics.ts";
import { countRequests, routeOf, routes } from "./request-metrics.ts";

/** The routes that there are, as Next finds them. */
const own = globSync("src/app/**/{page.tsx,route.ts}").map((file) => {
  const path = file
    .replace(/^src\/app/, "")
    .replace(/\/(page\.tsx|route\.ts)$/, "")
    .replaceAll(/\/\([^/]+\)/g, "");
  return path === "" ? "/" : path;
});

test("every route is counted under its own name", () => {
  const named = own.map((path) => path.replace(/\[(\.\.\.all|trpc)\]/, "*").replaceAll(/\[(\w+)\]/g, "{$1}"));
  expect([...routes]).toEqual(named.toSorted());
});

test.each([
  ["/goals/6b0367660e0d62c95ec70a38", "/goals/{goal_id}"],
  ["/goals/..%2f..?x=/admin", "/goals/{goal_id}"],
  ["/goals/a/b", "other"],
  ["/admin/goals", "/admin/goals"],
  ["/admin/goals/1?tab=money", "/admin/goals/{goal_id}"],
  ["/api/trpc/studio.overview,me.overview?batch=1", "/api/trpc/*"],
  ["/api/auth/sign-in/email", "/api/auth/*"],
  ["/_next/static/chunks/1.js", "/_next/*"],
  ["/", "/"],
  ["/wp-login.php", "other"],
  ["http://elsewhere/", "other"],
  ["", "other"],
])("whatever is asked for, its label is one of few: %s", (target, route) => {
  expect(routeOf(target)).toBe(route);
});

test("every answer is counted and timed, also one that nobody waited for", async () => {
  const metrics = openMetrics();
  const server = createServer((request, response) => {
    if (request.url === "/me") return;
    response.writeHead(request.url === "/healthz" ? 200 : 404).end();
  });
  server.prependListener("request", countRequests(metrics));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await (await fetch(`http://127.0.0.1:${port}/healthz`)).text();
  await (await fetch(`http://127.0.0.1:${port}/some/thing`, { method: "PUT" })).text();
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.write("GET /me HTTP/1.1\r\nhost: x\r\n\r\n");
  await once(server, "request");
  socket.destroy();
  await vi.waitFor(async () => {
    const text = await metrics.registry.metrics();
    expect(text).toContain('goalkeeper_requests_total{route="/healthz",method="GET",status="200"} 1');
    expect(text).toContain('goalkeeper_requests_total{route="other",method="PUT",status="404"} 1');
    expect(text).toContain('goalkeeper_requests_total{route="/me",method="GET",status="499"} 1');
    expect(text).toContain('goalkeeper_request_seconds_count{route="/me"} 1');
  });
  server.closeAllConnections();
  server.close();
});
