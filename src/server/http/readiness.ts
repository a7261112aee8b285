import { setTimeout as wait } from "node:timers/promises";
import type { Services } from "../services.ts";
import { isStopping } from "../stopping.ts";

/** How long a dependency may take to answer. The slowest of them is the longest that anyone waits. */
const within_ms = 3_000;

const dependencies = ["mongodb", "inngest", "pusher"] as const;
export type Dependency = (typeof dependencies)[number];
type DependencyState = "ok" | "unavailable";

type Needed = Pick<Services, "db" | "live" | "settings" | "log">;

/** One look at all of them serves everyone who asks meanwhile: anyone may ask, and each look costs three requests. */
const underWay = new WeakMap<Needed, Promise<Record<Dependency, DependencyState>>>();

/**
 * Asks every dependency, side by side, each for its own bounded time. What was wrong is in the log, and nothing of it
 * in the answer.
 */
export function dependencyStates(services: Needed): Promise<Record<Dependency, DependencyState>> {
  const sought = underWay.get(services) ?? lookAtAll(services).finally(() => underWay.delete(services));
  underWay.set(services, sought);
  return sought;
}

async function lookAtAll({ db, live, settings, log }: Needed): Promise<Record<Dependency, DependencyState>> {
  const state = async (dependency: Dependency, answers: Promise<unknown>): Promise<DependencyState> => {
    try {
      await inTime(answers);
      return "ok";
    } catch (err) {
      log.warn({ err, dependency }, "a dependency does not answer");
      return "unavailable";
    }
  };
  const [mongodb, inngest, pusher] = await Promise.all([
    state("mongodb", db.driver.command({ ping: 1 })),
    state("inngest", reach(inngestOf(settings))),
    state("pusher", live.ping()),
  ]);
  return { mongodb, inngest, pusher };
}

/**
 * `GET /readyz`: every dependency answers, else 503 naming those that do not; 503 from the moment on at which this
 * process is asked to stop. `?without=pusher` tells of a dependency, but is ready without it: a load balancer need not
 * send people away because pages do not hear of changes at once.
 */
export async function readiness(services: Needed, request?: Request): Promise<Response> {
  if (isStopping()) return said(503, { status: "stopping" });
  const states = await dependencyStates(services);
  const without = new Set(request === undefined ? [] : new URL(request.url).searchParams.getAll("without"));
  const ready = dependencies.every((name) => states[name] === "ok" || without.has(name));
  return said(ready ? 200 : 503, { status: ready ? "ready" : "unavailable", dependencies: states });
}

const said = (status: number, body: object) =>
  Response.json(body, {
    status,
    headers: { "cache-control": "no-store", ...(status === 200 ? {} : { "retry-after": "2" }) },
  });

/** What comes of `work`, or an error when it takes too long; nothing waits for it then. */
async function inTime(work: Promise<unknown>): Promise<void> {
  const patience = new AbortController();
  const late = wait(within_ms, undefined, { signal: patience.signal }).then(() => {
    throw new Error(`It did not answer within ${within_ms} ms.`);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    patience.abort();
    late.catch(() => undefined);
  }
}

/** Where Inngest is: its own cloud, unless the settings say otherwise; they are read as the SDK reads them. */
function inngestOf({ INNGEST_BASE_URL, INNGEST_DEV }: Services["settings"]): string {
  if (INNGEST_BASE_URL !== undefined) return INNGEST_BASE_URL;
  if (INNGEST_DEV?.startsWith("http") === true) return INNGEST_DEV;
  return INNGEST_DEV === "1" || INNGEST_DEV === "true" ? "http://localhost:8288" : "https://inn.gs";
}

/** Whether an HTTP server answers there, and not with a failure of its own. */
async function reach(url: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(within_ms), redirect: "manual" });
  await response.body?.cancel();
  if (response.status >= 500) throw new Error(`It answered ${response.status}.`);
}
