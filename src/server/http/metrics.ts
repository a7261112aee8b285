import { createHash, timingSafeEqual } from "node:crypto";
import { ProblemError } from "#src/contract/problems.ts";
import type { Services } from "../services.ts";
import { setGauges } from "./gauges.ts";
import { answer } from "./problem.ts";

const digest = (text: string) => createHash("sha256").update(text).digest();

/** `GET /metrics`: Prometheus text, for who has the bearer of `METRICS_TOKEN`; for nobody when it is not set. */
export const handleMetrics = (services: Services, request: Request): Promise<Response> =>
  answer(request, services.log, async () => {
    const { settings, metrics } = services;
    const token = settings.METRICS_TOKEN;
    const given = request.headers.get("authorization") ?? "";
    if (token === undefined || !timingSafeEqual(digest(given), digest(`Bearer ${token}`))) {
      throw new ProblemError("unauthenticated");
    }
    await setGauges(services);
    return new Response(await metrics.registry.metrics(), {
      headers: { "content-type": metrics.registry.contentType, "cache-control": "no-store" },
    });
  });
