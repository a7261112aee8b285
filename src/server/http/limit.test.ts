import { describe, expect, test, vi } from "vitest";
import { openLimit, senderOf } from "./limit.ts";

const from = (address?: string) =>
  senderOf(
    new Request(
      "http://localhost/",
      address === undefined ? {} : { headers: { "x-client-address": address } },
    ),
  );

describe("a limit", () => {
  test("lets that many through in its time, says how long to wait, and begins anew", async () => {
    vi.useFakeTimers();
    try {
      const limit = openLimit(2, 10);
      await limit.spend("a");
      await limit.spend("a");
      await vi.advanceTimersByTimeAsync(4_000);
      await expect(limit.spend("a")).rejects.toMatchObject({ code: "rate_limited", retryAfterSeconds: 6 });
      await expect(limit.spend("b")).resolves.toBeUndefined();
      await vi.advanceTimersByTimeAsync(6_001);
      await expect(limit.spend("a")).resolves.toBeUndefined();
    } finally {
      vi.useRealTimers();
    }
  });

  test("gives back what did not count", async () => {
    const limit = openLimit(1);
    await limit.spend("a");
    await limit.giveBack("a");
    await expect(limit.spend("a")).resolves.toBeUndefined();
    await expect(limit.spend("a")).rejects.toMatchObject({ code: "rate_limited" });
  });

  test("remembers no more than so many, however many come, and of those the latest", async () => {
    const limit = openLimit(1, 10, 100);
    for (let n = 0; n < 1_000; n++) await limit.spend(`sender ${n}`);
    expect(limit.size()).toBe(100);
    await expect(limit.spend("sender 999")).rejects.toMatchObject({ code: "rate_limited" });
    await expect(limit.spend("sender 0")).resolves.toBeUndefined();
  });

  test("of zero lets nothing through", async () => {
    await expect(openLimit(0).spend("a")).rejects.toMatchObject({ code: "rate_limited" });
  });
});

describe("a sender", () => {
  test.each([
    ["203.0.113.7", "203.0.113.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:DB8:0001:0002::9", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    [undefined, "unknown"],
  ])("at %s is counted as %s", (address, sender) => {
    expect(from(address)).toBe(sender);
  });
});
