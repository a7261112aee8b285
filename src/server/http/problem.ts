import { MongoError } from "mongodb";
import { type ProblemCode, ProblemError, problems } from "#src/contract/problems.ts";
import type { Log } from "../gateways/log.ts";
import { requestIdOf } from "./request-ids.ts";

/** An error answer (RFC 9457). `instance` is the request's path; nothing else differs between two of one code. */
function problemResponse(code: ProblemCode, instance: string, retryAfterSeconds?: number): Response {
  const { status, title } = problems[code];
  const headers = new Headers({ "content-type": "application/problem+json", "cache-control": "no-store" });
  if (retryAfterSeconds !== undefined) headers.set("retry-after", String(retryAfterSeconds));
  if (status === 401) headers.set("www-authenticate", "Bearer");
  return new Response(
    JSON.stringify({ type: `urn:goalkeeper:problem:${code}`, title, status, code, instance }),
    {
      status,
      headers,
    },
  );
}

/** A dependency did not confirm something in time. What was asked for may have happened; repeating is safe. */
export const unavailable = (cause: unknown) =>
  new ProblemError("unavailable", { retryAfterSeconds: 2, cause });

/** What a caller may be told of an error: its own code, `unavailable` for a dependency that is away, or nothing. */
export function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof MongoError) return unavailable(error);
  return new ProblemError("internal_error", { cause: error });
}

/** Answers a request by `handle`, and every error it throws by a problem document. */
export async function answer(request: Request, log: Log, handle: () => Promise<Response>): Promise<Response> {
  try {
    return await handle();
  } catch (error) {
    const problem = asProblem(error);
    const instance = new URL(request.url).pathname;
    if (problems[problem.code].status >= 500) {
      const request_id = requestIdOf(request.headers) ?? undefined;
      log.error({ err: error, instance, request_id }, problem.message);
    }
    return problemResponse(problem.code, instance, problem.retryAfterSeconds);
  }
}
