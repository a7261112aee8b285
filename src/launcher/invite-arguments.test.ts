import { expect, test } from "vitest";
import { UsageError } from "./command.ts";
import { inviteArguments } from "./invite-arguments.ts";

const people = ["--streamer", "ada@example.com", "--viewer", "vic@example.com"];

test("what is not said has its default", () => {
  expect(inviteArguments(people)).toEqual({
    streamerEmail: "ada@example.com",
    viewerEmail: "vic@example.com",
    amount: 1200,
    minutes: 10,
    force: false,
  });
});

test("minutes take fractions", () => {
  expect(inviteArguments([...people, "--minutes", "0.05", "--amount", "1", "--force"])).toMatchObject({
    minutes: 0.05,
    amount: 1,
    force: true,
  });
});

const goalId = "6592008029c8c3e4dc76256c";

test("an invitation is agreed to by its id, in either case", () => {
  expect(inviteArguments(["--agree", goalId.toUpperCase()])).toEqual({ agree: goalId });
  expect(inviteArguments([`--agree=${goalId}`])).toEqual({ agree: goalId });
});

test.each([
  [["--agree", "x"], "--agree x"],
  [["--agree", goalId, ...people], "--streamer, --viewer"],
  [["--agree", goalId, "--force"], "--force"],
  [[], "--streamer"],
  [["--streamer", "ada@example.com"], "--viewer"],
  [[...people, "--amount", "12.5"], "--amount"],
  [[...people, "--amount", "0"], "--amount"],
  [[...people, "--amount", "1e3"], "--amount"],
  [[...people, "--minutes", "soon"], "--minutes"],
  [[...people, "--minutes", "0"], "--minutes"],
  [[...people, "--minute", "1"], "--minute"],
  [[...people, "please"], "please"],
])("%j is refused, naming %s", (args, named) => {
  expect(() => inviteArguments(args)).toThrow(UsageError);
  expect(() => inviteArguments(args)).toThrow(named);
});
