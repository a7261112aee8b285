import { createHmac } from "node:crypto";
import canonicalize from "canonicalize";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { serveInngest } from "./inngest.ts";

let app: TestApp;
let served: (request: Request) => Promise<Response>;
let runs = 0;
beforeAll(async () => {
  app = await startTestApp({}, false);
  const client = app.services.inngest;
  const probe = client.createFunction({ id: "probe", triggers: [{ event: "probe" }] }, () => ++runs);
  served = serveInngest(app.services, [probe]);
});
beforeEach(() => void (runs = 0));
afterAll(async () => app.close());

const event = { name: "probe", data: {}, id: "1", ts: 1 };
const order = {
  event,
  events: [event],
  steps: {},
  version: -1,
  use_api: false,
  ctx: { run_id: "r", fn_id: "f", attempt: 0, stack: { stack: [], current: 0 }, use_api: false },
};

const key = () => (app.services.settings.INNGEST_SIGNING_KEY ?? "").replace(/^signkey-\w+-/, "");
const now = () => Math.floor(Date.now() / 1_000);
function sign(body: unknown, { at = now(), by = key() } = {}): string {
  const text = body === "" ? "" : (canonicalize(body) ?? "");
  return `t=${at}&s=${createHmac("sha256", by).update(text).update(String(at)).digest("hex")}`;
}

function send(
  method: "GET" | "POST" | "PUT",
  body: string,
  signature?: string,
  headers: Record<string, string> = {},
) {
  const address = "http://localhost:3000/api/inngest?fnId=goalkeeper-probe&stepId=step";
  const request = new Request(address, {
    method,
    headers: {
      "content-type": "application/json",
      ...(signature === undefined ? {} : { "x-inngest-signature": signature }),
      ...headers,
    },
    ...(method === "GET" ? {} : { body }),
  });
  return served(request);
}
const text = JSON.stringify(order);

describe("an order to run a function", () => {
  test("that is signed runs it, once", async () => {
    expect(app.services.inngest.mode).toBe("cloud");
    const response = await send("POST", text, sign(order));
    expect([response.status, runs]).toEqual([206, 1]);
    expect(response.headers.get("x-inngest-signature")).toMatch(/^t=\d+&s=[0-9a-f]{64}$/);
  });

  const wrong: Readonly<Record<string, () => string | undefined>> = {
    "no signature": () => undefined,
    "an empty one": () => "",
    "no time": () => sign(order).replace(/t=\d+/, "t="),
    "another key's": () => sign(order, { by: "00".repeat(32) }),
    "an empty key's": () => sign(order, { by: "" }),
    "one of another body": () => sign({ ...order, version: 2 }),
    "one of an empty body": () => sign(""),
    "one that is six minutes old": () => sign(order, { at: now() - 360 }),
    "one of six minutes ahead": () => sign(order, { at: now() + 360 }),
    "a time that was not signed": () => sign(order).replace(/t=\d+/, `t=${now() - 1}`),
    "a time that is no number": () => sign(order).replace(/t=\d+/, "t=NaN"),
    "half of one": () => sign(order).slice(0, -32),
    "one and more": () => `${sign(order)}00`,
  };
  test.each(Object.keys(wrong))("with %s is refused, and nothing runs", async (what) => {
    const response = await send("POST", text, wrong[what]?.());
    expect([response.status, runs]).toEqual([401, 0]);
    expect(await response.text()).not.toMatch(/stack|node_modules|signkey/);
  });

  test("whose body was altered on the way is refused", async () => {
    const altered = JSON.stringify({ ...order, event: { ...event, data: { goal_id: "x" } } });
    expect([(await send("POST", altered, sign(order))).status, runs]).toEqual([401, 0]);
  });

  test("may not say of itself that this is development", async () => {
    const claims = { "x-inngest-server-kind": "dev", "x-inngest-env": "dev", host: "localhost:8288" };
    expect([(await send("POST", text, undefined, claims)).status, runs]).toEqual([401, 0]);
  });

  test.each(["{", "nothing", "\u0000", '{"a":1}}', '"{}"', "1", "null", "false"])(
    "that is no JSON object (%j) is refused as such",
    async (body) => {
      expect([(await send("POST", body, sign(order))).status, runs]).toEqual([400, 0]);
    },
  );
});

describe("a registration", () => {
  test.each<["PUT" | "GET", string | undefined]>([
    ["PUT", undefined],
    ["GET", undefined],
    ["PUT", `t=${now()}&s=${"0".repeat(64)}`],
    ["GET", `t=${now()}&s=${"0".repeat(64)}`],
  ])("by %s with the signature %s is refused", async (method, signature) => {
    const response = await send(method, "", signature, { "x-forwarded-host": "evil.example" });
    expect(response.status).toBe(401);
    expect(await response.text()).not.toMatch(/stack|node_modules|evil/);
  });

  test("that is signed names the address of the settings, whoever the request says we are", async () => {
    const body = { url: "https://evil.example/api/inngest" };
    const response = await send("PUT", JSON.stringify(body), sign(body), {
      "x-inngest-sync-kind": "in_band",
      host: "evil.example",
      "x-forwarded-host": "evil.example",
    });
    const answer = await response.text();
    expect(response.status).toBe(200);
    expect(answer).not.toContain("evil.example");
    expect(answer).toContain("http://localhost:3000/api/inngest");
  });
});
