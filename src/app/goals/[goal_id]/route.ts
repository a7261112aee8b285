import { handleDecline } from "#src/server/http/decline.ts";
import { offerDirectly } from "#src/server/http/direct-routes.ts";
import { services } from "#src/server/services.ts";

const decline = (request: Request, goalId: string) => handleDecline(services(), request, goalId);

offerDirectly({
  method: "DELETE",
  path: /^\/goals\/([0-9a-f]{24})$/,
  handle: (request, goalId = "") => decline(request, goalId),
});
export const DELETE = async (request: Request, { params }: { params: Promise<{ goal_id: string }> }) =>
  decline(request, (await params).goal_id);
