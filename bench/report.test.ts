import { expect, test } from "vitest";
import { reportOf } from "./report.ts";

const section = (name: string, figure: number) => `## ${name}\n\n${figure} ms`;
const names = ["request", "decline"];

test("a report keeps what was not measured anew, in the order of the roster, and how long a whole run took", () => {
  const both = new Map([
    ["decline", section("decline", 2)],
    ["request", section("request", 1)],
  ]);
  const whole = reportOf(names, "", both, 485.4);
  expect(whole).toContain("_All of it took 8 min 5 s._\n\n## request\n\n1 ms\n\n## decline\n\n2 ms\n");
  const again = reportOf(names, whole, new Map([["request", section("request", 3)]]));
  expect(again).toBe(whole.replace("1 ms", "3 ms"));
});
