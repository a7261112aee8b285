import { setTimeout as wait } from "node:timers/promises";
import { unavailable } from "../http/problem.ts";
import type { Services } from "../services.ts";

type Events = Parameters<Services["inngest"]["send"]>[0];

/** How long somebody waits for Inngest to confirm what was sent. The SDK itself would try for minutes. */
const confirmWithin_ms = 3_000;

/**
 * Sends events, and returns once Inngest has confirmed that it keeps them. Throws `unavailable` when it has not done so
 * in time: they may still arrive. Every event has an id of its own, so that sending them again does no more.
 */
export async function sendConfirmed({ inngest }: Pick<Services, "inngest">, events: Events): Promise<void> {
  const sent = async () => {
    await inngest.send(events);
  };
  const patience = new AbortController();
  const late = wait(confirmWithin_ms, undefined, { signal: patience.signal }).then(() => {
    throw new Error(`Inngest did not answer within ${confirmWithin_ms} ms.`);
  });
  try {
    await Promise.race([sent(), late]);
  } catch (cause) {
    throw unavailable(cause);
  } finally {
    patience.abort();
    late.catch(() => undefined);
  }
}
