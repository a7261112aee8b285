// @vitest-environment node
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { createKept } from "./kept.ts";

const stored = new Map<string, string>();

beforeEach(() => {
  stored.clear();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
  });
  vi.stubGlobal("window", new EventTarget());
});

afterEach(() => vi.unstubAllGlobals());

const numbers = z.array(z.number());

test("what was chosen is there at the next visit", () => {
  createKept("n", numbers, []).set([1, 2]);
  expect(createKept("n", numbers, []).get()).toEqual([1, 2]);
});

test("what makes no sense any more is as if nothing had been chosen", () => {
  for (const text of ["[1,", '"one"', '["one"]']) {
    stored.set("n", text);
    expect(createKept("n", numbers, [7]).get()).toEqual([7]);
  }
});

test("without storage a choice holds for this visit", () => {
  const refuse = () => {
    throw new Error("no storage");
  };
  vi.stubGlobal("localStorage", { getItem: refuse, setItem: refuse });
  const kept = createKept("n", numbers, []);
  kept.set([3]);
  expect(kept.get()).toEqual([3]);
});

test("a choice made in another tab is heard of", () => {
  const kept = createKept("n", numbers, []);
  const changed = vi.fn<() => void>();
  const release = kept.watch(changed);
  expect(kept.get()).toEqual([]);
  stored.set("n", "[5]");
  window.dispatchEvent(Object.assign(new Event("storage"), { key: "n" }));
  expect(kept.get()).toEqual([5]);
  expect(changed).toHaveBeenCalledTimes(1);
  release();
  window.dispatchEvent(Object.assign(new Event("storage"), { key: "n" }));
  expect(changed).toHaveBeenCalledTimes(1);
});
