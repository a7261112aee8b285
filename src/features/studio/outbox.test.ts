import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { KeptDecline, Outcome } from "./declines.ts";
import type { KeptDeclines } from "./kept-declines.ts";
import { createOutbox } from "./outbox.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A browser's storage and locks, which pages share. */
function fakeBrowser() {
  const kept = new Map<string, KeptDecline>();
  const locked = new Set<string>();
  const store: KeptDeclines = {
    all: () => [...kept.values()],
    has: (id) => kept.has(id),
    put: (one) => void kept.set(one.goal_id, one),
    remove: (id) => void kept.delete(id),
  };
  const exclusively = async (id: string, act: () => Promise<Outcome>): Promise<Outcome> => {
    if (locked.has(id)) return { kind: "busy" };
    locked.add(id);
    try {
      return await act();
    } finally {
      locked.delete(id);
    }
  };
  const requests: { goalId: string; keepalive: boolean }[] = [];
  const answers: Outcome[] = [];
  const page = () => {
    const outbox = createOutbox({
      now: () => Date.now(),
      chance: () => 1,
      kept: store,
      exclusively,
      send: async (id, keepalive) => {
        requests.push({ goalId: id, keepalive });
        await new Promise((resolve) => setTimeout(resolve, 50));
        return answers.shift() ?? { kind: "accepted" };
      },
    });
    const stop = outbox.start();
    return { ...outbox, stop };
  };
  return { kept, requests, answers, page };
}

const decline = (goal_id: string) => ({ kind: "decline" as const, goal_id, name: "Vic", now: Date.now() });
const lost: Outcome = { kind: "refused", problem: "unreachable", retryAfter_ms: null };

test("goes out once, five seconds after the click, and is kept until the answer", async () => {
  const { page, requests, kept } = fakeBrowser();
  const outbox = page();
  outbox.dispatch(decline("a"));
  expect(kept.has("a")).toBe(true);
  await vi.advanceTimersByTimeAsync(4_999);
  expect(requests).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(requests).toEqual([{ goalId: "a", keepalive: false }]);
  expect(kept.has("a")).toBe(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(requests).toHaveLength(1);
  expect(kept.size).toBe(0);
});

test("taken back, it is neither sent nor kept", async () => {
  const { page, requests, kept } = fakeBrowser();
  const outbox = page();
  outbox.dispatch(decline("a"));
  outbox.dispatch({ kind: "undo", goal_id: "a", now: Date.now() });
  await vi.advanceTimersByTimeAsync(60_000);
  expect([requests, [...kept]]).toEqual([[], []]);
});

test("leaving sends at once in a way that outlives the page, and the next visit makes sure", async () => {
  const { page, requests, kept } = fakeBrowser();
  const outbox = page();
  outbox.dispatch(decline("a"));
  outbox.leave();
  outbox.stop();
  expect(requests).toEqual([{ goalId: "a", keepalive: true }]);
  // The page is gone before its answer: as if the fetch had never come back.
  await vi.advanceTimersByTimeAsync(100);
  kept.set("a", { goal_id: "a", name: "Vic", until: Date.now(), attempts: 0, retry_at: Date.now() });
  page();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(requests).toEqual([
    { goalId: "a", keepalive: true },
    { goalId: "a", keepalive: false },
  ]);
  expect(kept.size).toBe(0);
});

test("what could not be sent goes out again with longer and longer waits, and at once when there is hope", async () => {
  const { page, requests, answers } = fakeBrowser();
  answers.push(lost, lost, lost, lost);
  const outbox = page();
  outbox.dispatch(decline("a"));
  await vi.advanceTimersByTimeAsync(5_000 + 50 + 1_000 + 50 + 2_000 + 50);
  expect(requests).toHaveLength(3);
  await vi.advanceTimersByTimeAsync(3_900);
  expect(requests).toHaveLength(3);
  outbox.hurry();
  await vi.advanceTimersByTimeAsync(0);
  expect(requests).toHaveLength(4);
});

test("two pages that hold the same kept decline send it one at a time, and once it is taken no more", async () => {
  const { page, requests, kept, answers } = fakeBrowser();
  answers.push(lost);
  kept.set("a", { goal_id: "a", name: "Vic", until: 0, attempts: 3, retry_at: 0 });
  const pages = [page(), page()];
  for (const one of pages) one.adopt();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(requests).toHaveLength(2);
  expect(kept.size).toBe(0);
  for (const one of pages) one.adopt();
  expect(pages.map((one) => one.declines().get("a")?.phase ?? null)).not.toContain("waiting");
});
