import { handleTrpc } from "#src/server/trpc/handle.ts";
import { services } from "#src/server/services.ts";

const handle = (request: Request) => handleTrpc(services(), request);
export { handle as GET, handle as POST };
