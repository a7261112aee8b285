import { handleDecline } from "#src/server/http/decline.ts";
import { services } from "#src/server/services.ts";

export const DELETE = async (request: Request, { params }: { params: Promise<{ goal_id: string }> }) =>
  handleDecline(services(), request, (await params).goal_id);
