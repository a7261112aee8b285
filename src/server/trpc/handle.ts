import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import type { Caller } from "#src/contract/roles.ts";
import { findCaller, requireCaller } from "../http/caller.ts";
import type { Services } from "../services.ts";
import { appRouter } from "./router.ts";

/**
 * `/api/trpc/*`: one request, which may carry several procedures. What changes something is posted, and then the
 * caller must come from our own pages, as for every other route.
 */
export function handleTrpc(services: Services, request: Request): Promise<Response> {
  let found: Promise<Caller | null> | undefined;
  const find = () =>
    request.method === "GET" ? findCaller(services, request.headers) : requireCaller(services, request);
  const caller = () => (found ??= find());
  return fetchRequestHandler({
    endpoint: "/api/trpc",
    req: request,
    router: appRouter,
    createContext: () => ({ services, caller }),
  });
}
