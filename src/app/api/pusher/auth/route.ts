import { handlePusherAuth } from "#src/server/http/views.ts";
import { services } from "#src/server/services.ts";

export const POST = (request: Request) => handlePusherAuth(services(), request);
