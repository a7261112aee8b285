import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { openPusherPage } from "#src/testing/pusher-page.ts";
import { createAccount } from "../gateways/accounts.ts";
import { createServices } from "../services.ts";
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

const post = (path: string, body: object, headers: Record<string, string> = {}, services = app.services) =>
  handleAuth(
    services,
    new Request(`http://localhost:3000/api/auth/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    }),
  );
const vic = { email: "vic@example.com", password: "goalkeeper" };
const roleOfVic = async () =>
  (await app.services.db.driver.collection("user").findOne({ email: vic.email }))?.["role"] as string;

/** Signs Vic in; gives the session's cookie. */
async function cookieOfVic(): Promise<string> {
  const signedIn = await post("sign-in/email", vic);
  return (signedIn.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
}

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
    const headers = { cookie: await cookieOfVic(), origin: "http://localhost:3000" };
    for (const path of ["update-user", "admin/set-role"]) {
      const response = await post(path, { role: "admin", userId: "x" }, headers);
      expect(response.status).toBeGreaterThanOrEqual(400);
    }
    const renamed = await post("update-user", { name: "Victor", role: "admin" }, headers);
    expect(renamed.status).toBeGreaterThanOrEqual(400);
    expect(await roleOfVic()).toBe("viewer");
  });

  test("that sign out lose their live connections", async () => {
    const { settings, live, db } = app.services;
    const user = await db.driver.collection("user").findOne({ email: vic.email });
    const client = openPusherPage(settings, {
      userAuthentication: {
        endpoint: "",
        transport: "ajax",
        customHandler: ({ socketId }, answer) => answer(null, live.authenticate(socketId, String(user?._id))),
      },
    });
    try {
      const signedIn = new Promise((resolve) => client.bind("pusher:signin_success", resolve));
      client.signin();
      await signedIn;
      const headers = { cookie: await cookieOfVic(), origin: "http://localhost:3000" };
      expect((await post("sign-out", {}, headers)).status).toBe(200);
      await vi.waitFor(() => expect(client.connection.state).not.toBe("connected"), { timeout: 5_000 });
    } finally {
      client.disconnect();
    }
  });

  test("are limited in their attempts per address, and told when to come back", async () => {
    const services = createServices({ ...app.services.settings, RATE_LIMIT_SIGN_IN: 2 });
    const attempt = (address: string) =>
      post("sign-in/email", { ...vic, password: "wrong" }, { "x-client-address": address }, services);
    const statuses = [];
    for (let n = 0; n < 3; n++) statuses.push((await attempt("10.0.0.1")).status);
    expect(statuses).toEqual([401, 401, 429]);
    const limited = await attempt("10.0.0.1");
    expect(Number(limited.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await limited.json()).toMatchObject({ code: "rate_limited" });
    expect((await attempt("10.0.0.2")).status).toBe(401);
    await services.close();
  });
});
