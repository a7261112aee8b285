import { handleAuth } from "#src/server/http/auth.ts";
import { services } from "#src/server/services.ts";

const handle = (request: Request) => handleAuth(services(), request);
export { handle as GET, handle as POST };
