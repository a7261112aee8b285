import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createReader } from "./reader.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A read that takes 50 ms. */
const slowRead = () =>
  vi.fn<() => Promise<void>>(() => new Promise<void>((resolve) => setTimeout(resolve, 50)));

test("a hint during a read leads to one more read, which begins after it", async () => {
  const read = slowRead();
  const reader = createReader(read, 100);
  reader.request();
  expect(read).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(20);
  for (let hints = 0; hints < 30; hints++) reader.request();
  expect(read).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(read).toHaveBeenCalledTimes(2);
});

test("reads at once when it has been quiet", async () => {
  const read = slowRead();
  const reader = createReader(read, 100);
  reader.request();
  await vi.advanceTimersByTimeAsync(1_000);
  reader.request();
  expect(read).toHaveBeenCalledTimes(2);
});

test("reads no more once it is stopped", async () => {
  const read = slowRead();
  const reader = createReader(read, 100);
  reader.request();
  reader.request();
  reader.stop();
  await vi.advanceTimersByTimeAsync(1_000);
  reader.request();
  expect(read).toHaveBeenCalledTimes(1);
});
