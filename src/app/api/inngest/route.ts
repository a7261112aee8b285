import { functions } from "#inngest/index.ts";
import { offerDirectly } from "#src/server/http/direct-routes.ts";
import { serveInngest } from "#src/server/http/inngest.ts";
import { services } from "#src/server/services.ts";

// Made on the first request: building the app must not need its settings.
let served: ReturnType<typeof serveInngest> | undefined;
const handle = (request: Request) => (served ??= serveInngest(services(), functions(services())))(request);

offerDirectly({ method: "POST", path: /^\/api\/inngest$/, handle });
export { handle as GET, handle as POST, handle as PUT };
