import { handleGoalExport } from "#src/server/http/export-goals.ts";
import { services } from "#src/server/services.ts";

export const GET = (request: Request) => handleGoalExport(services(), request);
