import { handleSessionToken } from "#src/server/http/views.ts";
import { services } from "#src/server/services.ts";

export const GET = async (request: Request, { params }: { params: Promise<{ session_id: string }> }) =>
  handleSessionToken(services(), request, (await params).session_id);
