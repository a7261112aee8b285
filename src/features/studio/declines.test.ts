import fc from "fast-check";
import { expect, test } from "vitest";
import type { ClientProblem } from "../api/problem.ts";
import {
  abandoned_ms,
  backOff_ms,
  type Decline,
  type DeclineEvent,
  type Declines,
  grace_ms,
  nextDue,
  type Outcome,
  reduceDeclines,
  toKept,
} from "./declines.ts";

const none: Declines = new Map();
const click: DeclineEvent = { kind: "decline", goal_id: "a", name: "Vic", now: 0 };
const answer = (outcome: Outcome, now = 0): DeclineEvent => ({
  kind: "answer",
  goal_id: "a",
  outcome,
  now,
  chance: 1,
});
const refused = (problem: ClientProblem, retryAfter_ms: number | null = null): Outcome => ({
  kind: "refused",
  problem,
  retryAfter_ms,
});
const after = (...events: DeclineEvent[]) => events.reduce(reduceDeclines, none);
const sending = after(click, { kind: "tick", now: grace_ms });

test("nothing is sent before the grace is over, and then it is", () => {
  expect(after(click, { kind: "tick", now: grace_ms - 1 }).get("a")?.phase).toBe("grace");
  expect(sending.get("a")?.phase).toBe("sending");
});

test("what is taken back in time was never said; later there is nothing to take back", () => {
  expect(after(click, { kind: "undo", goal_id: "a", now: grace_ms - 1 })).toEqual(none);
  expect(after(click, { kind: "undo", goal_id: "a", now: grace_ms }).get("a")?.phase).toBe("grace");
  expect(reduceDeclines(sending, { kind: "undo", goal_id: "a", now: 0 })).toBe(sending);
});

test("leaving the page ends the grace at once", () => {
  const left = after(click, { kind: "leave", now: 1_000 });
  expect(left.get("a")).toMatchObject({ phase: "sending", until: 1_000 });
});

test.each<ClientProblem>(["unreachable", "unavailable", "rate_limited", "unauthenticated"])(
  "%s: it waits, is kept, and goes out again",
  (problem) => {
    const waiting = reduceDeclines(sending, answer(refused(problem), 10_000));
    const one = waiting.get("a");
    expect(one).toMatchObject({ phase: "waiting", problem, attempts: 1, retry_at: 11_000 });
    expect(one && toKept(one)).not.toBeNull();
    expect(reduceDeclines(waiting, { kind: "tick", now: 11_000 }).get("a")?.phase).toBe("sending");
  },
);

test.each<ClientProblem>(["goal_not_active", "goal_not_found", "wrong_origin", "internal_error"])(
  "%s: the invitation is as it was, and may be declined again",
  (problem) => {
    const back = reduceDeclines(sending, answer(refused(problem)));
    expect(back.get("a")).toMatchObject({ phase: "refused", problem });
    expect(reduceDeclines(back, { ...click, now: 9 }).get("a")).toMatchObject({
      phase: "grace",
      attempts: 0,
    });
  },
);

test("a server that asks for time gets it, however impatient the page is", () => {
  const waiting = reduceDeclines(sending, answer(refused("rate_limited", 7_000), 0));
  const hurried = reduceDeclines(waiting, { kind: "hurry", now: 100 });
  expect(hurried.get("a")).toMatchObject({ phase: "waiting", retry_at: 7_000 });
});

test("an accepted decline is over when a reading no longer shows the invitation", () => {
  const accepted = reduceDeclines(sending, answer({ kind: "accepted" }));
  expect(
    reduceDeclines(accepted, { kind: "read", pending: new Set(["a"]), gaveWay: new Set() }).get("a")?.phase,
  ).toBe("accepted");
  expect(reduceDeclines(accepted, { kind: "read", pending: new Set(), gaveWay: new Set() })).toEqual(none);
});

test("a decline of what gave way meanwhile is over, unless it is on its way", () => {
  const reading = { kind: "read", pending: new Set<string>(), gaveWay: new Set(["a"]) } as const;
  const said = reduceDeclines(sending, answer(refused("goal_not_active")));
  expect(said.get("a")?.phase).toBe("refused");
  expect(reduceDeclines(said, reading)).toEqual(none);
  expect(reduceDeclines(after(click), reading)).toEqual(none);
  expect(reduceDeclines(sending, reading)).toEqual(sending);
});

test("another page's decline is left to it until it must have been abandoned", () => {
  const kept = [{ goal_id: "b", name: "Wen", until: 5_000, attempts: 0, retry_at: 5_000 }];
  expect(after({ kind: "kept", kept, now: 5_000 + abandoned_ms - 1 })).toEqual(none);
  const adopted = after({ kind: "kept", kept, now: 5_000 + abandoned_ms });
  expect(adopted.get("b")?.phase).toBe("waiting");
  expect(reduceDeclines(adopted, { kind: "kept", kept: [], now: 9_000 })).toEqual(none);
});

test("waits double, up to a minute, and never come to nothing", () => {
  expect([1, 2, 3].map((attempts) => backOff_ms(attempts, 1))).toEqual([1_000, 2_000, 4_000]);
  fc.assert(
    fc.property(fc.nat(2_000), fc.double({ min: 0, max: 1, noNaN: true }), (attempts, chance) => {
      expect(backOff_ms(attempts, chance)).toBeGreaterThanOrEqual(750);
      expect(backOff_ms(attempts, chance)).toBeLessThanOrEqual(60_000);
    }),
  );
});

const goalId = fc.constantFrom("a", "b");
const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.constant<Outcome>({ kind: "accepted" }),
  fc.constant<Outcome>({ kind: "busy" }),
  fc.constant<Outcome>({ kind: "settled" }),
  fc
    .constantFrom<ClientProblem>("unreachable", "unavailable", "rate_limited", "goal_not_active")
    .map((problem) => refused(problem)),
);
/** What may happen, without its time, which only ever goes on. */
const happening: fc.Arbitrary<(now: number) => DeclineEvent> = fc.oneof(
  goalId.map((goal_id) => (now: number) => ({ kind: "decline" as const, goal_id, name: goal_id, now })),
  goalId.map((goal_id) => (now: number) => ({ kind: "undo" as const, goal_id, now })),
  fc.constant((now: number) => ({ kind: "tick" as const, now })),
  fc.constant((now: number) => ({ kind: "leave" as const, now })),
  fc.constant((now: number) => ({ kind: "hurry" as const, now })),
  fc.tuple(goalId, outcome).map(([goal_id, said]) => (now: number) => ({
    kind: "answer" as const,
    goal_id,
    outcome: said,
    now,
    chance: 0.5,
  })),
  goalId.map((goal_id) => () => ({
    kind: "read" as const,
    pending: new Set([goal_id]),
    gaveWay: new Set<string>(),
  })),
);

test("whatever happens, a decline is lost only by the person's undo or the server's word", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(happening, fc.nat(4_000)), { maxLength: 40 }), (story) => {
      let now = 0;
      let all = none;
      for (const [make, passes_ms] of story) {
        now += passes_ms;
        const event = make(now);
        const before = all;
        all = reduceDeclines(before, event);
        for (const [id, one] of before) {
          const next: Decline | undefined = all.get(id);
          const isOpen = toKept(one) !== null;
          const isOpenAfter = next !== undefined && toKept(next) !== null;
          // Only what is on its way can be answered, and nothing on its way is taken back.
          const mustStay =
            (one.phase === "sending" && event.kind === "undo") ||
            (one.phase === "grace" && event.kind === "answer");
          expect(mustStay && next !== one).toBe(false);
          expect(isOpen && !isOpenAfter && event.kind !== "undo" && event.kind !== "answer").toBe(false);
        }
      }
      // Whatever still has to go out is due at some time, or on its way.
      const open = [...all.values()].filter((one) => one.phase === "grace" || one.phase === "waiting");
      expect(nextDue(all) === null).toBe(open.length === 0);
    }),
  );
});
