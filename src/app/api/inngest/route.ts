import { serve } from "inngest/edge";
import { functions } from "#inngest/index.ts";
import { handleInngest } from "#src/server/http/inngest.ts";
import { services } from "#src/server/services.ts";

// Made on the first request: building the app must not need its settings.
let served: ReturnType<typeof serve> | undefined;
const inngest = () => {
  const app = services();
  return (served ??= serve({
    client: app.inngest,
    functions: functions(app),
    // Where Inngest reaches us is what the settings say, whichever name or scheme a proxy has asked by.
    serveOrigin: app.settings.APP_URL,
    servePath: "/api/inngest",
    enableUnauthedSync: false,
  }));
};

const handle = (request: Request) => handleInngest(services(), request, inngest());
export { handle as GET, handle as POST, handle as PUT };
