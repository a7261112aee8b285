import { Inngest, type Middleware } from "inngest";
import type { AppSettings } from "#src/config/env.ts";
import type { Log } from "#src/server/gateways/log.ts";

export type InngestClient = ReturnType<typeof createInngest>;

/**
 * Sends events without the time that the SDK puts into each: Inngest then says itself when it took one. To Inngest a
 * time to come means "run this then", so that an app whose clock was ahead by hours, if only for a moment, would have
 * its accepted declines wait for as many hours.
 */
const sendWithoutTimes: typeof fetch = (input, init) => {
  const body = init?.body;
  const isSending = typeof input === "string" && /\/e\/[^/]*$/.test(input);
  if (!isSending || typeof body !== "string") return fetch(input, init);
  const events = JSON.parse(body) as { ts?: number }[];
  for (const event of events) delete event.ts;
  return fetch(input, { ...init, body: JSON.stringify(events) });
};

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
    fetch: sendWithoutTimes,
    middleware,
  });
}
