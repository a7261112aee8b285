import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { createAccount } from "../gateways/accounts.ts";
import { handleAuth } from "./auth.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({}, false);
  await createAccount(app.services.auth, {
    id: new ObjectId().toHexString(),
    name: "Vic",
    email: "vic@example.com",
    role: "viewer",
    password: "goalkeeper",
  });
});
afterAll(async () => app.close());

const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  handleAuth(
    app.services,
    new Request(`http://localhost:3000/api/auth/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    }),
  );
const vic = { email: "vic@example.com", password: "goalkeeper" };
const roleOfVic = async () =>
  (await app.services.db.driver.collection("user").findOne({ email: vic.email }))?.["role"] as string;

describe("accounts", () => {
  test.each<[string, Record<string, string>]>([
    ["a bare client", {}],
    ["Node's fetch, which names a mode but no site", { "sec-fetch-mode": "cors" }],
    ["our own page", { origin: "http://localhost:3000", "sec-fetch-site": "same-origin" }],
  ])("sign in from %s, and get a bearer token", async (_, headers) => {
    const response = await post("sign-in/email", vic, headers);
    expect(response.status).toBe(200);
    expect(response.headers.get("set-auth-token")).toMatch(/./);
  });

  test("are not signed in by another site's page", async () => {
    const headers = {
      origin: "https://evil.example",
      "sec-fetch-site": "cross-site",
      "sec-fetch-mode": "navigate",
    };
    expect((await post("sign-in/email", vic, headers)).status).toBe(403);
  });

  test("cannot be made by anyone: sign-up is closed", async () => {
    const response = await post("sign-up/email", { ...vic, email: "new@example.com", name: "New" });
    expect(response.status).toBe(400);
    expect(await app.services.db.driver.collection("user").countDocuments()).toBe(1);
  });

  test("cannot give themselves a role", async () => {
    const signedIn = await post("sign-in/email", vic);
    const cookie = (signedIn.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    const headers = { cookie, origin: "http://localhost:3000" };
    for (const path of ["update-user", "admin/set-role"]) {
      const response = await post(path, { role: "admin", userId: "x" }, headers);
      expect(response.status).toBeGreaterThanOrEqual(400);
    }
    const renamed = await post("update-user", { name: "Victor", role: "admin" }, headers);
    expect(renamed.status).toBeGreaterThanOrEqual(400);
    expect(await roleOfVic()).toBe("viewer");
  });
});
