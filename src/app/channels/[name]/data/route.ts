import { handleChannelData } from "#src/server/http/views.ts";
import { services } from "#src/server/services.ts";

export const GET = async (request: Request, { params }: { params: Promise<{ name: string }> }) =>
  handleChannelData(services(), request, (await params).name);
