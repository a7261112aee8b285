import type { IncomingMessage, ServerResponse } from "node:http";
import type { Metrics } from "#src/server/gateways/metrics.ts";

/** Paths that are a route of their own, one for one; a test compares them with the routes that there are. */
export const routes = [
  "/",
  "/admin",
  "/admin/audit",
  "/admin/bulk",
  "/admin/bulk/{bulk_id}",
  "/admin/export/audit.csv",
  "/admin/export/goals.csv",
  "/admin/goals",
  "/admin/goals/{goal_id}",
  "/admin/ledger",
  "/admin/sessions",
  "/admin/sessions/{session_id}",
  "/admin/users",
  "/api/auth/*",
  "/api/inngest",
  "/api/pusher/auth",
  "/api/trpc/*",
  "/channels/{name}/data",
  "/goals/{goal_id}",
  "/healthz",
  "/me",
  "/me/receipts/{goal_id}",
  "/metrics",
  "/openapi.json",
  "/readyz",
  "/sessions/{session_id}/token",
  "/sign-in",
  "/studio",
] as const;

const fixed = new Set<string>(routes);
const patterns = [...routes, "/_next/*"]
  .filter((route) => /[{*]/.test(route))
  .map(
    (route) => [route, new RegExp(`^${route.replaceAll(/\{\w+\}/g, "[^/]+").replace("*", ".*")}$`)] as const,
  );

/** The route that a request's target belongs to; `other` for all that is none of ours. */
export function routeOf(target: string): string {
  const [path = ""] = target.split("?", 1);
  if (fixed.has(path)) return path;
  return patterns.find(([, pattern]) => pattern.test(path))?.[0] ?? "other";
}

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/**
 * Counts and times every answer, whoever gives it, from the request's head to the end of the answer. To be the first
 * listener of the server's requests. An answer that its client did not wait for has the status 499.
 */
export function countRequests({ requests, requestSeconds }: Pick<Metrics, "requests" | "requestSeconds">) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const began = performance.now();
    const route = routeOf(request.url ?? "");
    const method = methods.has(request.method ?? "") ? (request.method ?? "") : "other";
    response.once("close", () => {
      const status = response.writableFinished ? response.statusCode : 499;
      requests.inc({ route, method, status });
      requestSeconds.observe({ route }, (performance.now() - began) / 1_000);
    });
  };
}
