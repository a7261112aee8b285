import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { HttpError } from "./http-request.ts";
import { limits } from "./limits.ts";

/** The app's identity, as the dashboard shows it. */
export interface AppCredentials {
  readonly appId: string;
  readonly key: string;
  readonly secret: string;
}

/** Compares without telling by its duration where the texts differ. */
function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function hmacHex(secret: string, text: string): string {
  return createHmac("sha256", secret).update(text).digest("hex");
}

/**
 * Checks a `key:signature` pair that the app's server gave to a client.
 * Returns what is wrong with it in Pusher's words, or undefined when it signs `text`.
 */
export function authProblem(app: AppCredentials, auth: unknown, text: string, subject: string) {
  if (typeof auth !== "string" || auth === "") return `Auth info required to ${subject}`;
  const colon = auth.indexOf(":");
  if (colon < 0) return `Auth value to ${subject} is invalid: should be of format 'key:signature'`;
  const [key, signature] = [auth.slice(0, colon), auth.slice(colon + 1)];
  if (!sameText(key, app.key)) return `Invalid key in subscription auth data: '${key}'`;
  if (!sameText(signature, hmacHex(app.secret, text))) {
    return `Invalid signature: Expected HMAC SHA256 hex digest of ${text}, but got ${signature}`;
  }
  return undefined;
}

/** What of an HTTP request is signed. */
export interface SignedRequest {
  readonly method: string;
  /** The path as it was sent, still escaped. */
  readonly rawPath: string;
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** Throws an HttpError 401 unless the app's secret signed this request within the last ten minutes. */
export function checkRequestSignature(app: AppCredentials, request: SignedRequest, now_ms: number): void {
  const { query } = request;
  const param = (name: string): string => {
    const value = query.get(name);
    if (value === undefined) throw new HttpError(401, `Missing parameter: ${name} is required`);
    return value;
  };
  if (!sameText(param("auth_key"), app.key)) {
    throw new HttpError(401, `Unknown auth_key ${param("auth_key")}`);
  }
  if (param("auth_version") !== "1.0") throw new HttpError(401, "Version not supported");
  checkAge(param("auth_timestamp"), now_ms);
  checkBody(query.get("body_md5"), request.body);

  const sent = param("auth_signature");
  const signedQuery = [...query]
    .filter(([name]) => name !== "auth_signature")
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  const texts = [request.path, request.rawPath].map((path) => `${request.method}\n${path}\n${signedQuery}`);
  // The SDKs sign the path before their HTTP client escapes it; others sign what they send. Both name one route.
  if (!texts.some((text) => sameText(sent, hmacHex(app.secret, text)))) {
    throw new HttpError(
      401,
      `Invalid signature: you should have sent HmacSHA256Hex(${JSON.stringify(texts[0])}, your_secret_key), but you sent ${JSON.stringify(sent)}`,
    );
  }
}

function checkAge(timestamp: string, now_ms: number): void {
  if (!/^\d{1,11}$/.test(timestamp)) throw new HttpError(401, "Timestamp required: seconds since 1970");
  const given_ms = Number(timestamp) * 1000;
  if (Math.abs(now_ms - given_ms) <= limits.requestAge_s * 1000) return;
  const iso = (at_ms: number): string => `${new Date(at_ms).toISOString().slice(0, 19)}Z`;
  throw new HttpError(
    401,
    `Timestamp expired: Given timestamp (${iso(given_ms)}) not within ${limits.requestAge_s}s of server time (${iso(now_ms)})`,
  );
}

function checkBody(sentMd5: string | undefined, body: Buffer): void {
  if (body.length === 0 && sentMd5 === undefined) return;
  if (sentMd5 === undefined) throw new HttpError(401, "Missing parameter: body_md5 is required with a body");
  if (!sameText(sentMd5, createHash("md5").update(body).digest("hex"))) {
    throw new HttpError(401, "Invalid body_md5: it is not the MD5 of the body received");
  }
}
