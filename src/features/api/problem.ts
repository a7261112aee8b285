import { TRPCClientError } from "@trpc/client";
import { type ProblemCode, problems } from "#src/contract/problems.ts";

/** Why a request failed, as a page can say it: the server's own code, or that it did not answer. */
export type ClientProblem = ProblemCode | "unreachable";

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/** The code in a problem document; null when the answer is none. */
export function problemCode(body: unknown): ProblemCode | null {
  const code = isRecord(body) ? body["code"] : null;
  return typeof code === "string" && code in problems ? (code as ProblemCode) : null;
}

/** What stands behind an error of a tRPC call. */
export function problemOf(error: unknown): ClientProblem {
  if (!(error instanceof TRPCClientError)) return "unreachable";
  const data: unknown = error.data;
  // What answers in front of the procedures gives a problem document; a gateway in between gives neither.
  if (!isRecord(data)) return problemCode(error.meta?.["responseJSON"]) ?? "unreachable";
  const problem = problemCode({ code: data["problem"] });
  return problem ?? (data["code"] === "BAD_REQUEST" ? "invalid_request" : "internal_error");
}

/** Whether the same request may succeed a moment later. */
export const isPassing = (problem: ClientProblem): boolean =>
  problem === "unreachable" || problems[problem].status >= 500;
