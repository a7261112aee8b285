import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { findCaller } from "#src/server/http/caller.ts";
import { services } from "#src/server/services.ts";
import { appRouter } from "#src/server/trpc/router.ts";

const handle = (req: Request) =>
  fetchRequestHandler({
    endpoint: "/api/trpc",
    req,
    router: appRouter,
    createContext: async () => ({ services: services(), caller: await findCaller(services(), req.headers) }),
  });
export { handle as GET, handle as POST };
