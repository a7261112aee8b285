import type { Services } from "../services.ts";

/** `GET /readyz`: every dependency answers, else 503 naming those that do not. */
export async function readiness({ db, live, settings, log }: Services): Promise<Response> {
  const dependencies = {
    mongodb: db.driver.command({ ping: 1 }),
    inngest: reach(settings.INNGEST_BASE_URL ?? devServer(settings.INNGEST_DEV)),
    pusher: live.ping(),
  };
  const checks = await Promise.all(
    Object.entries(dependencies).map(async ([name, check]) => {
      try {
        await check;
        return [name, "ok"] as const;
      } catch (err) {
        log.warn({ err, dependency: name }, "a dependency does not answer");
        return [name, "unavailable"] as const;
      }
    }),
  );
  const ready = checks.every(([, state]) => state === "ok");
  return Response.json(
    { status: ready ? "ready" : "unavailable", dependencies: Object.fromEntries(checks) },
    {
      status: ready ? 200 : 503,
      headers: { "cache-control": "no-store", ...(ready ? {} : { "retry-after": "2" }) },
    },
  );
}

const devServer = (setting: string | undefined) =>
  setting?.startsWith("http") === true ? setting : undefined;

/** Whether an HTTP server answers there, and not with a failure of its own. Without a URL it is Inngest's own cloud. */
async function reach(url = "https://inn.gs"): Promise<void> {
  const { status } = await fetch(url, { signal: AbortSignal.timeout(3_000), redirect: "manual" });
  if (status >= 500) throw new Error(`It answered ${status}.`);
}
