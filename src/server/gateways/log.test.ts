import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { openLog } from "./log.ts";

function written(write: (log: ReturnType<typeof openLog>) => void, secrets: string[] = []): string {
  const to = new PassThrough();
  write(openLog("trace", { secrets, to }));
  return String(to.read() ?? "");
}

test.each<[string, object]>([
  ["a password", { password: "hush" }],
  ["a body's password", { body: { newPassword: "hush" } }],
  [
    "a request's headers",
    { req: { headers: { authorization: "hush", cookie: "hush", "set-cookie": "hush" } } },
  ],
  ["an error's headers", { err: Object.assign(new Error("x"), { headers: { "set-auth-token": "hush" } }) }],
  ["a session's token", { session: { token: "hush" } }],
])("%s is not written", (_, fields) => {
  const line = written((log) => log.error(fields, "something happened"));
  expect(line).toContain("something happened");
  expect(line).not.toContain("hush");
});

test("a secret of the settings is not written, wherever an error tells it", () => {
  const secret = 'quo"ted\\s3cret/+';
  const line = written(
    (log) =>
      log.error(
        { err: new Error(`could not reach https://x:${encodeURIComponent(secret)}@host: ${secret}`) },
        secret,
      ),
    [secret],
  );
  expect(line).not.toMatch(/s3cret/);
  expect(JSON.parse(line)).toMatchObject({
    msg: "[secret]",
    err: { message: expect.stringContaining("[secret]") as string },
  });
});

test("a bearer token, a signature and a session's cookie are not written, though they are within a text", () => {
  const line = written((log) =>
    log.warn(
      {
        url: "https://x/?auth_signature=hush1&b=1",
        said: "Bearer hush2",
        cookies: "a=b; x.session_token=hush3; c=d",
      },
      "lost",
    ),
  );
  expect(line).not.toMatch(/hush/);
  expect(line).toContain("&b=1");
  expect(line).toContain("c=d");
});
