import { handleAuditExport } from "#src/server/http/export-audit.ts";
import { services } from "#src/server/services.ts";

export const GET = (request: Request) => handleAuditExport(services(), request);
