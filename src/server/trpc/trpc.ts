import { initTRPC, TRPCError } from "@trpc/server";
import { ProblemError, problems } from "#src/contract/problems.ts";
import { type Caller, isModerator, type Role } from "#src/contract/roles.ts";
import { asProblem } from "../http/problem.ts";
import type { Services } from "../services.ts";

/** What a procedure knows of its request. Who is asking is looked up once, when the first procedure wants to know. */
interface Context {
  readonly services: Services;
  readonly caller: () => Promise<Caller | null>;
}

const t = initTRPC.context<Context>().create({
  errorFormatter: ({ shape, error }) => ({
    ...shape,
    message: error.cause instanceof ProblemError ? error.cause.message : shape.message,
    // No stack ever leaves the server; the code is the one that the same problem has over HTTP.
    data: {
      code: shape.data.code,
      httpStatus: shape.data.httpStatus,
      path: shape.data.path,
      problem: error.cause instanceof ProblemError ? error.cause.code : null,
    },
  }),
});

export const router = t.router;

/**
 * Turns whatever was thrown into the problem that the caller may know of, by the one table of codes: what an operation
 * threw by its own code, malformed input as `invalid_request`.
 */
const problemsToTrpc = t.middleware(async ({ next, ctx, path }) => {
  const result = await next();
  if (result.ok) return result;
  const { code, cause } = result.error;
  const problem =
    code === "INTERNAL_SERVER_ERROR" ? asProblem(cause) : new ProblemError("invalid_request", { cause });
  const { status, trpc } = problems[problem.code];
  if (status >= 500) ctx.services.log.error({ err: cause, path }, problem.message);
  throw new TRPCError({ code: trpc, cause: problem });
});

/** A procedure for signed-in callers that `allows` lets in: `unauthenticated` or `forbidden` for others. */
const procedureFor = (allows: (role: Role) => boolean) =>
  t.procedure.use(problemsToTrpc).use(async ({ ctx, next, type }) => {
    const caller = await ctx.caller();
    if (caller === null) throw new ProblemError("unauthenticated");
    if (!allows(caller.role)) throw new ProblemError("forbidden");
    if (type === "mutation") await ctx.services.limits.byHand.spend(caller.id);
    return next({ ctx: { ...ctx, caller } });
  });

export const streamerProcedure = procedureFor((role) => role === "streamer");
export const viewerProcedure = procedureFor((role) => role === "viewer");
export const moderatorProcedure = procedureFor(isModerator);
export const adminProcedure = procedureFor((role) => role === "admin");
