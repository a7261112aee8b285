import { Inngest, type Middleware } from "inngest";
import type { AppSettings } from "#src/config/env.ts";
import type { Log } from "#src/server/gateways/log.ts";

export type InngestClient = ReturnType<typeof createInngest>;

/**
 * The client by which events are sent and functions are served. Mode and URLs are the settings', as the SDK reads them;
 * `middleware` sees every event that is sent, and every call.
 */
export function createInngest(settings: AppSettings, log: Log, middleware: Middleware.Class[] = []) {
  return new Inngest({
    id: "goalkeeper",
    ...(settings.INNGEST_DEV === undefined ? { isDev: false } : {}),
    ...(settings.INNGEST_BASE_URL === undefined ? {} : { baseUrl: settings.INNGEST_BASE_URL }),
    ...(settings.INNGEST_EVENT_KEY === undefined ? {} : { eventKey: settings.INNGEST_EVENT_KEY }),
    ...(settings.INNGEST_SIGNING_KEY === undefined ? {} : { signingKey: settings.INNGEST_SIGNING_KEY }),
    logger: log,
    middleware,
  });
}
