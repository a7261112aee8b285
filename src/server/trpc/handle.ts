import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import type { Caller } from "#src/contract/roles.ts";
import { findCaller } from "../http/caller.ts";
import type { Services } from "../services.ts";
import { appRouter } from "./router.ts";

/** `/api/trpc/*`: one request, which may carry several procedures. */
export function handleTrpc(services: Services, request: Request): Promise<Response> {
  let found: Promise<Caller | null> | undefined;
  const caller = () => (found ??= findCaller(services, request.headers));
  return fetchRequestHandler({
    endpoint: "/api/trpc",
    req: request,
    router: appRouter,
    createContext: () => ({ services, caller }),
  });
}
