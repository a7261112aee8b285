import { offerDirectly } from "#src/server/http/direct-routes.ts";
import { handleTrpc } from "#src/server/trpc/handle.ts";
import { services } from "#src/server/services.ts";

const handle = (request: Request) => handleTrpc(services(), request);

const path = /^\/api\/trpc\/[\w.,]+$/;
for (const method of ["GET", "POST"]) offerDirectly({ method, path, handle });
export { handle as GET, handle as POST };
