import * as fc from "fast-check";
import { decodeTime, isValid } from "ulid";
import { expect, test } from "vitest";

import { backoffMs, retryAfterMs } from "./backoff.ts";
import { cronProblem, nextCronMs } from "./cron.ts";
import { durationMs, timeMs } from "./durations.ts";
import { expressionProblem, holds, keyOf } from "./expressions.ts";
import { makeHeap } from "./heap.ts";
import { isUlid, newUlid, seededUlid, uuidOf } from "./ids.ts";

test("the heap gives back everything, smallest first", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), (numbers) => {
      const heap = makeHeap<number>((a, b) => a < b);
      for (const number of numbers) heap.push(number);
      const out: number[] = [];
      while (heap.size > 0) out.push(heap.pop() ?? Number.NaN);
      expect(out).toEqual(numbers.toSorted((a, b) => a - b));
    }),
  );
});

test("waits between attempts are the real ones, scaled with their jitter", () => {
  expect([0, 1, 2, 9, 30].map((attempt) => backoffMs(attempt, 1, 0) / 1000)).toEqual([
    15, 30, 60, 7200, 7200,
  ]);
  expect(backoffMs(0, 1, 0.5)).toBe(30_000);
  expect(backoffMs(0, 0.01, 0.5)).toBe(300);
  expect(retryAfterMs("2", 1000)).toBe(3000);
  expect(retryAfterMs("2030-01-01T00:00:00.000Z", 0)).toBe(Date.UTC(2030, 0, 1));
  expect(retryAfterMs("soon", 0)).toBeUndefined();
});

test("durations and times are read as the SDK writes them", () => {
  expect(durationMs("1w2d3h4m5s")).toBe(604_800_000 + 2 * 86_400_000 + 3 * 3_600_000 + 4 * 60_000 + 5000);
  expect(durationMs("")).toBe(0);
  expect(durationMs("later")).toBeUndefined();
  expect(timeMs("10s", 5)).toBe(10_005);
  expect(timeMs("2030-01-01T00:00:00.000Z", 5)).toBe(Date.UTC(2030, 0, 1));
  expect(timeMs("tomorrow", 5)).toBeUndefined();
});

test("a seed gives valid ids that differ by index and keep their time", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 10, maxLength: 10 }),
      fc.integer({ min: 1, max: 2 ** 47 }),
      fc.integer({ min: 1, max: 5000 }),
      (entropy, time, index) => {
        const seed = `${time},${Buffer.from(entropy).toString("base64")}`;
        const id = seededUlid(seed, index) ?? "";
        expect(isValid(id) && isUlid(id)).toBe(true);
        expect(decodeTime(id)).toBe(time);
        expect(seededUlid(seed, index)).toBe(id);
        expect(seededUlid(seed, index + 1)).not.toBe(id);
      },
    ),
  );
  for (const bad of [undefined, "", "1", "1,AA==", "x,MDEyMzQ1Njc4OQ==", "1,MDEyMzQ1Njc4OQ==,2"]) {
    expect(seededUlid(bad, 1)).toBeUndefined();
  }
  const [first, second] = [newUlid(5), newUlid(5)];
  expect(first < second).toBe(true);
  expect(uuidOf("a")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test.each([
  ["event.data.n == 5", true],
  ["event.data.n > 4 && event.data.f < 2", true],
  ["event.data.missing == 'x'", false],
  ["event.data.missing != 'x'", true],
  ["event.data.missing == null", true],
  ["event.data.missing.deeper == null", true],
  ["has(event.data.missing)", false],
  ["has(event.data.n) && event.data.n == 5", true],
  ["event.data.text > 3", false],
  ["event.data.list.exists(x, x == 2)", true],
  ["'a' in event.data.missing", false],
  ["event.data.n == async.data.n", true],
  ["event.data.text", false],
])("the expression %s gives %s", (expression, expected) => {
  const event = { data: { n: 5, f: 1.5, text: "t", list: [1, 2] } };
  expect(holds(expression, { event, async: { data: { n: 5 } } })).toBe(expected);
});

test("keys are text, whatever they are made of", () => {
  const event = { data: { n: 5, text: "t", o: { a: 1 } } };
  expect(keyOf("event.data.text", { event })).toBe("t");
  expect(keyOf("event.data.n", { event })).toBe("5");
  expect(keyOf("event.data.text + '-' + string(event.data.n)", { event })).toBe("t-5");
  expect(keyOf("event.data.o", { event })).toBe('{"a":1}');
  expect(keyOf("size(event.data.text)", { event })).toBe("1");
});

test("expressions that mean nothing are found before they are used", () => {
  for (const bad of ["", "event.(", "evnt.data.x", "nofunction(event.data)"]) {
    expect(expressionProblem(bad)).toBeDefined();
  }
  expect(expressionProblem("event.data.x == 1")).toBeUndefined();
});

test("schedules come at their times, in their zone", () => {
  const at = Date.UTC(2026, 0, 1, 12, 30, 30);
  expect(nextCronMs("* * * * *", at)).toBe(Date.UTC(2026, 0, 1, 12, 31));
  expect(nextCronMs("0 9 * * MON", at)).toBe(Date.UTC(2026, 0, 5, 9));
  expect(nextCronMs("TZ=Asia/Shanghai 0 0 * * *", at)).toBe(Date.UTC(2026, 0, 1, 16));
  expect(nextCronMs("@daily", at)).toBe(Date.UTC(2026, 0, 2));
  for (const bad of ["", "* * * *", "* * * * * *", "61 * * * *", "TZ=Nowhere/Else * * * * *", "0 0 30 2 *"]) {
    expect(cronProblem(bad)).toBeDefined();
  }
});
