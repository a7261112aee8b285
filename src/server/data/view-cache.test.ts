import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { cachedView, dropViews, viewTtl_ms } from "./view-cache.ts";

let app: TestApp;
beforeAll(async () => (app = await startTestApp({}, false)));
afterAll(async () => app.close());

let keys = 0;
const newKey = () => ({ id: `key-${++keys}`, tag: `tag-${keys}` });

describe("a cached view", () => {
  test("is loaded once, until it is dropped", async () => {
    const { db } = app.services;
    const key = newKey();
    let loads = 0;
    const read = () => cachedView(db, key, new Date(), () => Promise.resolve(++loads));
    expect([await read(), await read()]).toEqual([1, 1]);
    await dropViews(db, [key.tag]);
    expect([await read(), await read()]).toEqual([2, 2]);
  });

  test("lives a minute at most", async () => {
    const { db } = app.services;
    const key = newKey();
    let loads = 0;
    const began = Date.now();
    const readAt = (ms: number) => cachedView(db, key, new Date(began + ms), () => Promise.resolve(++loads));
    expect([await readAt(0), await readAt(viewTtl_ms - 1), await readAt(viewTtl_ms)]).toEqual([1, 1, 2]);
    expect(viewTtl_ms).toBeLessThanOrEqual(60_000);
  });

  test("that was kept by a clock that is ahead by hours is loaded anew", async () => {
    const { db } = app.services;
    const key = newKey();
    let loads = 0;
    const began = Date.now();
    const readAt = (ms: number) => cachedView(db, key, new Date(began + ms), () => Promise.resolve(++loads));
    expect([await readAt(5 * 3_600_000), await readAt(0), await readAt(1)]).toEqual([1, 2, 2]);
  });

  test("that fails to load is not kept", async () => {
    const { db } = app.services;
    const key = newKey();
    await expect(cachedView(db, key, new Date(), () => Promise.reject(new Error("no")))).rejects.toThrow(
      "no",
    );
    expect(await cachedView(db, key, new Date(), () => Promise.resolve("yes"))).toBe("yes");
  });

  test("is never an older state than the last invalidation, however reads, writes and drops interleave", async () => {
    const { db } = app.services;
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 4 }), async (scheduler, readers) => {
        const key = newKey();
        let truth = 0;
        const load = async () => {
          const seen = truth;
          await scheduler.schedule(Promise.resolve(), "load");
          return seen;
        };
        const read = (how = load) => cachedView(db, key, new Date(), how);
        const write = async () => {
          truth = 1;
          await scheduler.schedule(Promise.resolve(), "write");
          await dropViews(db, [key.tag]);
        };
        const all = Promise.all([write(), ...Array.from({ length: readers }, () => read())]);
        await scheduler.waitFor(all);
        expect(await read(() => Promise.resolve(truth))).toBe(1);
      }),
      { numRuns: 25 },
    );
  });
});
