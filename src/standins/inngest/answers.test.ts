import { expect, test } from "vitest";

import { judge } from "./answers.ts";
import { sign } from "./signature.ts";

const NOW = 1_800_000_000_000;
const KEY = `signkey-test-${"ab".repeat(16)}`;
const SDK = { "x-inngest-sdk": "js:v4" };

function verdict(status: number, headers: Record<string, string>, body: string, key?: string) {
  return judge({ kind: "answer", status, headers, body }, key, NOW);
}

test("a page that is not the SDK's completes no run", () => {
  expect(verdict(200, {}, "<html>")).toMatchObject({ kind: "error", isFinal: false });
  expect(verdict(206, {}, "[]")).toMatchObject({ kind: "error", isFinal: false });
  expect(verdict(404, {}, "<html>")).toMatchObject({ kind: "error", isFinal: false });
});

test("a result is JSON, or text where it is none", () => {
  expect(verdict(200, SDK, '{"a":1}')).toEqual({ kind: "result", result: { a: 1 } });
  expect(verdict(200, SDK, "")).toEqual({ kind: "result", result: null });
  expect(verdict(200, SDK, "plain")).toEqual({ kind: "result", result: "plain" });
});

test("an answer that is signed must be signed by our key", () => {
  const signed = (key: string) => ({ ...SDK, "x-inngest-signature": sign(key, "1", NOW) });
  expect(verdict(200, signed(KEY), "1", KEY)).toEqual({ kind: "result", result: 1 });
  expect(verdict(200, signed(`${KEY}00`), "1", KEY)).toMatchObject({ kind: "error", isFinal: false });
});

test("an error is final only when the SDK says so", () => {
  const body = '{"name":"TypeError","message":"bad","__serialized":true}';
  const error = { name: "TypeError", message: "bad" };
  const final = { ...SDK, "x-inngest-no-retry": "true" };
  expect(verdict(400, final, body)).toMatchObject({ kind: "error", isFinal: true, error });
  expect(verdict(400, { "x-inngest-no-retry": "true" }, body)).toMatchObject({ isFinal: false, error });
  expect(verdict(500, { ...SDK, "retry-after": "7" }, body)).toMatchObject({
    isFinal: false,
    retryAfter: "7",
  });
  expect(verdict(500, SDK, "no JSON")).toMatchObject({ error: { message: "no JSON" } });
});

test("operations that cannot be read are an error that comes again", () => {
  for (const body of ["", "[]", "{", '[{"op":"StepRun"}]', '[{"id":"a","op":"StepRun","opts":7}]']) {
    expect(verdict(206, SDK, body)).toMatchObject({ kind: "error", isFinal: false });
  }
  const proto = verdict(206, SDK, '[{"id":"a","op":"StepRun","data":{"__proto__":{"x":1}}}]');
  expect(JSON.stringify(proto)).toContain('{"__proto__":{"x":1}}');
});

test("a streamed answer is what it holds", () => {
  const inner = { status: 200, headers: { "X-Inngest-Sdk": "js" }, body: "5" };
  expect(verdict(201, SDK, `   ${JSON.stringify(inner)}`)).toEqual({ kind: "result", result: 5 });
  expect(verdict(201, SDK, "   ")).toMatchObject({ kind: "error" });
  expect(verdict(201, SDK, JSON.stringify({ ...inner, status: 500, body: "{}" }))).toMatchObject({
    kind: "error",
  });
});
