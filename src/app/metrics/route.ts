import { handleMetrics } from "#src/server/http/metrics.ts";
import { services } from "#src/server/services.ts";

export const GET = (request: Request) => handleMetrics(services(), request);
