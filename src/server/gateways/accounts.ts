import { betterAuth } from "better-auth";
import { mongodbAdapter } from "better-auth/adapters/mongodb";
import { bearer } from "better-auth/plugins/bearer";
import type { Db } from "mongodb";
import type { AppSettings } from "#src/config/env.ts";
import type { Role } from "#src/contract/roles.ts";
import { allowedOrigins } from "../http/origin.ts";
import type { Live } from "./live.ts";
import type { Log } from "./log.ts";

export type Auth = ReturnType<typeof openAuth>;

/**
 * Accounts: e-mail and password, sessions by cookie or bearer token. Sign-up is closed, and a role cannot be set
 * through any of the library's routes (`input: false`): accounts come from the platform or an admin.
 */
export function openAuth(db: Db, settings: AppSettings, live: Live, log: Log) {
  return betterAuth({
    baseURL: settings.APP_URL,
    secret: settings.AUTH_SECRET,
    trustedOrigins: allowedOrigins(settings.APP_URL),
    database: mongodbAdapter(db, { transaction: false }),
    emailAndPassword: { enabled: true, disableSignUp: true },
    user: {
      additionalFields: { role: { type: "string", required: false, input: false, defaultValue: "viewer" } },
    },
    plugins: [bearer()],
    // Signing out ends that user's live connections; the other devices' come back, since they are still signed in.
    databaseHooks: { session: { delete: { after: ({ userId }) => live.endConnections(userId) } } },
    // Limits are in front of the library: see handleAuth.
    rateLimit: { enabled: false },
    // What nobody here needs is not there: an account's name and address are the platform's, and there is no mail.
    disabledPaths: [
      "/sign-in/social",
      "/link-social",
      "/unlink-account",
      "/account-info",
      "/get-access-token",
      "/refresh-token",
      "/update-user",
      "/update-session",
      "/change-email",
      "/delete-user",
      "/delete-user/callback",
      "/request-password-reset",
      "/reset-password",
      "/send-verification-email",
      "/verify-email",
    ],
    advanced: {
      ...cookiesFor(settings.APP_URL),
      // The server in front writes this header itself, from the socket or from trusted proxies.
      ipAddress: { ipAddressHeaders: ["x-client-address"] },
      // Said aloud, because the library leaves both checks out where it believes to be under test.
      disableOriginCheck: false,
      disableCSRFCheck: false,
    },
    telemetry: { enabled: false },
    logger: { log: (level, message) => log[level]({ from: "better-auth" }, message) },
  });
}

/**
 * Where the app is reached by https, cookies are of this host alone: no other host of the domain can set one by that
 * name, nor any page by http. HttpOnly and SameSite=Lax they are in any case.
 */
const cookiesFor = (appUrl: string) =>
  appUrl.startsWith("https:")
    ? {
        // The library's own prefix for secure cookies is the weaker `__Secure-`.
        useSecureCookies: false,
        cookiePrefix: "__Host-goalkeeper",
        defaultCookieAttributes: { secure: true, httpOnly: true, sameSite: "lax" as const, path: "/" },
      }
    : {};

/**
 * Creates an account, or what is missing of it: a process that dies between the two writes is mended by the next run.
 * `id` is hex, chosen by the caller.
 */
export async function createAccount(
  auth: Auth,
  account: { id: string; name: string; email: string; role: Role; password: string },
): Promise<void> {
  const { adapter, internalAdapter, password } = await auth.$context;
  if ((await internalAdapter.findUserByEmail(account.email)) === null) {
    const now = new Date();
    const { id, name, email, role } = account;
    await adapter.create({
      model: "user",
      forceAllowId: true,
      data: { id, name, email, role, emailVerified: true, createdAt: now, updatedAt: now },
    });
  }
  if ((await internalAdapter.findAccounts(account.id)).length === 0) {
    await internalAdapter.linkAccount({
      userId: account.id,
      providerId: "credential",
      accountId: account.id,
      password: await password.hash(account.password),
    });
  }
}
