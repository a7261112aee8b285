import { functions } from "#inngest/index.ts";
import { handleAuth } from "#src/server/http/auth.ts";
import { handleDecline } from "#src/server/http/decline.ts";
import { handleAuditExport } from "#src/server/http/export-audit.ts";
import { handleGoalExport } from "#src/server/http/export-goals.ts";
import { serveInngest } from "#src/server/http/inngest.ts";
import { handleMetrics } from "#src/server/http/metrics.ts";
import { openApi } from "#src/server/http/openapi.ts";
import { readiness } from "#src/server/http/readiness.ts";
import { handleChannelData, handlePusherAuth, handleSessionToken } from "#src/server/http/views.ts";
import type { Services } from "#src/server/services.ts";
import { handleTrpc } from "#src/server/trpc/handle.ts";

/** What a request is made of; `path` with its query. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

type Handle = (services: Services, request: Request, parameter: string) => Promise<Response>;

/** Every route of the app that is no page, by its folder in `src/app`, as its file hands it over. */
const routes: Readonly<Record<string, Handle>> = {
  "goals/[goal_id]": handleDecline,
  "sessions/[session_id]/token": handleSessionToken,
  "channels/[name]/data": handleChannelData,
  "api/pusher/auth": handlePusherAuth,
  "api/auth/[...all]": handleAuth,
  "api/trpc/[trpc]": handleTrpc,
  "api/inngest": (services, request) => serveInngest(services, functions(services))(request),
  "admin/export/goals.csv": handleGoalExport,
  "admin/export/audit.csv": handleAuditExport,
  metrics: handleMetrics,
  healthz: async () => Response.json({ status: "alive" }),
  readyz: readiness,
  "openapi.json": async () => Response.json(openApi),
};

const patterns = Object.entries(routes).map(([folder, handle]) => {
  const path = folder.replaceAll(/\[\.\.\.\w+\]/g, "(.+)").replaceAll(/\[\w+\]/g, "([^/]+)");
  return { pattern: new RegExp(`^/${path}$`), handle };
});

/** Asks the app's server side over HTTP's own words, without its pages. Throws where there is no such route. */
export async function callRoute(
  services: Services,
  { method, path, headers = {}, body }: Call,
): Promise<Response> {
  const url = new URL(path, services.settings.APP_URL);
  for (const { pattern, handle } of patterns) {
    const match = pattern.exec(url.pathname);
    if (match === null) continue;
    const request = new Request(url, { method, headers, ...(body === undefined ? {} : { body }) });
    // oxlint-disable-next-line no-await-in-loop -- the first that matches is the one
    return await handle(services, request, decodeURIComponent(match[1] ?? ""));
  }
  throw new Error(`There is no route for ${path}.`);
}
