import { describe, expect, test } from "vitest";
import { answerHeaders } from "./answer-headers.ts";

const settings = {
  APP_URL: "http://localhost:3000",
  PUSHER_HOST: undefined,
  PUSHER_PORT: undefined,
  PUSHER_TLS: true,
  PUSHER_CLUSTER: "eu",
};
const headersOf = (given: Partial<typeof settings> = {}, dev = false) =>
  answerHeaders({ ...settings, ...given }, { dev }).for({});

/** The policy, directive by directive. */
const policyOf = (given: Partial<Record<keyof typeof settings, unknown>> = {}, dev = false) =>
  Object.fromEntries(
    (headersOf(given as Partial<typeof settings>, dev)["content-security-policy"] ?? "")
      .split("; ")
      .map((directive) => {
        const [name = "", ...sources] = directive.replaceAll(/nonce-[^']+/g, "nonce").split(" ");
        return [name, sources.join(" ")];
      }),
  );

describe("the content security policy", () => {
  test("lets in what is ours, by this request's nonce, and nothing else", () => {
    expect(policyOf()).toEqual({
      "default-src": "'none'",
      "script-src": "'self' 'nonce' 'strict-dynamic'",
      "style-src": "'self' 'nonce'",
      "style-src-attr": "'unsafe-inline'",
      "img-src": "'self' data:",
      "font-src": "'self'",
      "manifest-src": "'self'",
      "connect-src": "'self' wss://ws-eu.pusher.com https://ws-eu.pusher.com",
      "object-src": "'none'",
      "base-uri": "'none'",
      "form-action": "'self'",
      "frame-ancestors": "'none'",
    });
  });

  test.each([
    [{ PUSHER_HOST: "push.example.com" }, "wss://push.example.com https://push.example.com"],
    [{ PUSHER_HOST: "soketi", PUSHER_PORT: 6001 }, "wss://soketi:6001 https://soketi:6001"],
    [
      { PUSHER_HOST: "127.0.0.1", PUSHER_PORT: 6001, PUSHER_TLS: false },
      "ws://127.0.0.1:6001 http://127.0.0.1:6001 wss://127.0.0.1:6001 https://127.0.0.1:6001",
    ],
    [{ PUSHER_HOST: "::1", PUSHER_PORT: 6001 }, "wss://[::1]:6001 https://[::1]:6001"],
  ])("lets live connections go where the settings %j say, and nowhere else", (given, origins) => {
    expect(policyOf(given)["connect-src"]).toBe(`'self' ${origins}`);
  });

  test("is looser for hot reload, in development alone", () => {
    const { "script-src": scripts, "style-src": styles } = policyOf({}, true);
    expect([scripts, styles]).toEqual([
      "'self' 'nonce' 'strict-dynamic' 'unsafe-eval'",
      "'self' 'unsafe-inline'",
    ]);
  });

  test("has another nonce each time, which the request tells to whoever renders, over whatever it said before", () => {
    const headers = answerHeaders(settings, { dev: false });
    const nonces = Array.from({ length: 100 }, () => {
      const incoming = {
        "content-security-policy": "script-src 'nonce-stolen'",
        "content-security-policy-report-only": "script-src 'nonce-stolen'",
        "x-goalkeeper-nonce": "stolen",
      };
      const policy = headers.for(incoming)["content-security-policy"];
      expect(incoming["content-security-policy"]).toBe(policy);
      expect(incoming).not.toHaveProperty("content-security-policy-report-only");
      expect(policy).toContain(`'nonce-${incoming["x-goalkeeper-nonce"]}'`);
      return incoming["x-goalkeeper-nonce"];
    });
    expect(new Set(nonces).size).toBe(100);
    expect(nonces).not.toContain("stolen");
  });
});

test("only an app that is reached by https tells browsers to stay with it", () => {
  expect(headersOf()).not.toHaveProperty("strict-transport-security");
  const secure = headersOf({ APP_URL: "https://studio.example.com" });
  expect(secure["strict-transport-security"]).toBe("max-age=31536000");
  expect(secure["content-security-policy"]).toContain("upgrade-insecure-requests");
});
