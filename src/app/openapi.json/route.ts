import { openApi } from "#src/server/http/openapi.ts";

export const GET = () => Response.json(openApi);
