import { readiness } from "#src/server/http/readiness.ts";
import { services } from "#src/server/services.ts";

export const dynamic = "force-dynamic";

export const GET = (request: Request) => readiness(services(), request);
