import { QueryClient } from "@tanstack/react-query";
import { createTRPCClient, httpBatchLink, TRPCClientError } from "@trpc/client";
import { expect, onTestFinished, test, vi } from "vitest";
import { type ProblemCode, problems } from "#src/contract/problems.ts";
import type { AppRouter } from "#src/server/trpc/router.ts";
import { mayRetry, retryDelay_ms } from "./retry.ts";

type Answer = () => Response;

/** The client of a page, whose server gives these answers, the last of them again and again. */
function clientOf(...answers: readonly Answer[]) {
  let asked = 0;
  const fetch = () => Promise.resolve((answers[asked++] ?? answers.at(-1))?.() ?? Response.error());
  const trpc = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: "http://page.invalid", fetch })] });
  return { read: () => trpc.studio.overview.query(), asked: () => asked };
}
const after = (wait: string | null) => (wait === null ? {} : { "retry-after": wait });
/** As a procedure answers. */
const refused = (problem: ProblemCode, wait: string | null): Answer => {
  const { status, trpc } = problems[problem];
  const error = { message: "", code: -32_000, data: { code: trpc, httpStatus: status, problem } };
  return () => Response.json([{ error }], { status, headers: after(wait) });
};
/** As the door answers, which knows nothing of procedures. */
const turnedAway = (code: ProblemCode, wait: string | null): Answer => {
  const { status } = problems[code];
  return () => Response.json({ status, code }, { status, headers: after(wait) });
};
const granted: Answer = () => Response.json([{ result: { data: { sessions: [] } } }]);

async function errorOf(answer: Answer): Promise<unknown> {
  const error: unknown = await clientOf(answer)
    .read()
    .then(() => undefined)
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TRPCClientError);
  return error;
}

test.each<[string, Answer, number]>([
  ["a procedure's 429", refused("rate_limited", "7"), 7_000],
  ["a procedure's 503", refused("unavailable", "2"), 2_000],
  ["the door's 503", turnedAway("unavailable", "4"), 4_000],
  ["a 503 that asks for an hour", turnedAway("unavailable", "3600"), 30_000],
  ["a 503 that does not say when", refused("unavailable", null), 1_000],
  ["a 503 that says nothing that is understood", refused("unavailable", "soon"), 1_000],
  ["no answer at all", () => Response.error(), 1_000],
])("after %s a read waits as long as it was asked to, within reason", async (_, answer, wait_ms) => {
  const error = await errorOf(answer);
  expect(mayRetry(0, error)).toBe(true);
  expect(retryDelay_ms(0, error, 0)).toBe(wait_ms);
});

test("a read is never tried again too early, and pages that were turned away together spread out", async () => {
  const error = await errorOf(turnedAway("unavailable", "4"));
  expect([0, 0.5, 1].map((chance) => retryDelay_ms(0, error, chance))).toEqual([4_000, 4_500, 5_000]);
});

test("without being told, a read waits twice as long each time, and gives up after the second", async () => {
  const error = await errorOf(refused("internal_error", null));
  expect([0, 1].map((failures) => retryDelay_ms(failures, error, 0))).toEqual([1_000, 2_000]);
  expect([0, 1, 2].map((failures) => mayRetry(failures, error))).toEqual([true, true, false]);
});

test.each<[string, Answer]>([
  ["a 429 that does not say when", refused("rate_limited", null)],
  ["what the caller may not see, whatever its headers say", refused("forbidden", "1")],
  ["what is not understood", refused("invalid_request", null)],
])("%s is not asked for again", async (_, answer) => {
  expect(mayRetry(0, await errorOf(answer))).toBe(false);
});

test("a query asks again once the time it was given is over, and not before", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const client = clientOf(turnedAway("unavailable", "4"), refused("rate_limited", "10"), granted);
  const queries = new QueryClient();
  const options = { queryKey: ["overview"], retry: mayRetry, retryDelay: retryDelay_ms };
  const read = queries.fetchQuery({ ...options, queryFn: client.read });
  const askedAt = async (ms: number) => {
    await vi.advanceTimersByTimeAsync(ms);
    return client.asked();
  };
  expect(await askedAt(3_900)).toBe(1);
  expect(await askedAt(1_200)).toBe(2);
  expect(await askedAt(9_500 - 1_200)).toBe(2);
  expect(await askedAt(4_300)).toBe(3);
  await expect(read).resolves.toEqual({ sessions: [] });
});
