import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { ProblemError } from "#src/contract/problems.ts";
import type { Caller } from "#src/contract/roles.ts";
import { isReading, readText } from "../http/body.ts";
import { findCaller, requireCaller } from "../http/caller.ts";
import { answer } from "../http/problem.ts";
import type { Services } from "../services.ts";
import { appRouter } from "./router.ts";

/** What any procedure is told fits in this many bytes. */
const mostBytes = 65_536;
/** Pages ask for a few things at once; each of a thousand would be worked on at the same time. */
const mostAtOnce = 30;

/**
 * `/api/trpc/*`: one request, which may carry several procedures. What changes something is posted, and then the
 * caller must come from our own pages, as for every other route.
 */
export const handleTrpc = (services: Services, request: Request): Promise<Response> =>
  answer(request, services.log, async () => {
    let found: Promise<Caller | null> | undefined;
    const find = () =>
      isReading(request.method) ? findCaller(services, request.headers) : requireCaller(services, request);
    const caller = () => (found ??= find());
    return fetchRequestHandler({
      endpoint: "/api/trpc",
      req: isReading(request.method) ? request : await read(request),
      router: appRouter,
      createContext: () => ({ services, caller }),
      maxBatchSize: mostAtOnce,
      responseMeta: ({ errors }) => {
        const waits = errors.flatMap(({ cause }) =>
          cause instanceof ProblemError ? (cause.retryAfterSeconds ?? []) : [],
        );
        return waits.length === 0 ? {} : { headers: { "retry-after": String(Math.max(...waits)) } };
      },
    });
  });

/** The request with its body, which is read once, and no further than it may be long. */
async function read(request: Request): Promise<Request> {
  const { url, method, headers } = request;
  return new Request(url, { method, headers, body: await readText(request, mostBytes) });
}
