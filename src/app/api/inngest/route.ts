import { serve } from "inngest/next";
import { functions } from "#inngest/index.ts";
import { services } from "#src/server/services.ts";

// Made on the first request: building the app must not need its settings.
let handlers: ReturnType<typeof serve> | undefined;
const inngest = () => {
  const app = services();
  // Where Inngest reaches us is what the settings say, whichever name or scheme a proxy has asked by.
  return (handlers ??= serve({
    client: app.inngest,
    functions: functions(app),
    serveOrigin: app.settings.APP_URL,
  }));
};

type Handle = ReturnType<typeof serve>["GET"];
export const GET: Handle = (request, context) => inngest().GET(request, context);
export const POST: Handle = (request, context) => inngest().POST(request, context);
export const PUT: Handle = (request, context) => inngest().PUT(request, context);
