import fc from "fast-check";
import { expect, test } from "vitest";
import { progressOf } from "./progress.ts";

const nothing = { running: 0, done: 0, returned: 0, waiting: 0, failed: 0 };

test("the parts of the progress are the action's items, all of them", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { minLength: 8, maxLength: 8 }), (counts) => {
      const [
        done = 0,
        failed = 0,
        running = 0,
        waiting = 0,
        returned = 0,
        queued = 0,
        skipped = 0,
        rest = 0,
      ] = counts;
      const settled = { done, failed, running, waiting, returned };
      const sent = done + failed + running + waiting + returned + queued;
      const items = sent + skipped + rest;
      const parts = progressOf({ items, sent, skipped, settled });
      expect(Object.values(parts).reduce((sum, count) => sum + count, 0)).toBe(items);
      expect(parts).toMatchObject({ sent: queued, unsent: rest });
    }),
  );
});

test("counts that were taken at different moments make no part negative", () => {
  const parts = progressOf({ items: 3, sent: 1, skipped: 0, settled: { ...nothing, done: 2 } });
  expect(parts).toMatchObject({ sent: 0, unsent: 1, done: 2 });
});
