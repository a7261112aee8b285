import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { AppSettings } from "#src/config/env.ts";
import { nonceHeader } from "#src/contract/headers.ts";

type Settings = Pick<
  AppSettings,
  "APP_URL" | "PUSHER_HOST" | "PUSHER_PORT" | "PUSHER_TLS" | "PUSHER_CLUSTER"
>;

/** The headers that say what a browser may do with an answer, whatever the answer is. */
export interface AnswerHeaders {
  /** Those of one answer. Each one's policy has a nonce of its own, which `incoming` tells to whoever renders a page. */
  for(incoming: IncomingHttpHeaders): Readonly<Record<string, string>>;
  /** Those of an answer that is no page and has no nonce. */
  readonly plain: Readonly<Record<string, string>>;
}

/** Where the page's live connection goes, and where it asks whether anything answers (see features/live/pusher.ts). */
function liveOrigins({ PUSHER_HOST, PUSHER_PORT, PUSHER_TLS, PUSHER_CLUSTER }: Settings): string[] {
  const host = PUSHER_HOST ?? `ws-${PUSHER_CLUSTER}.pusher.com`;
  const place = `${host.includes(":") ? `[${host.replaceAll(/[[\]]/g, "")}]` : host}${PUSHER_PORT === undefined ? "" : `:${PUSHER_PORT}`}`;
  const secure = [`wss://${place}`, `https://${place}`];
  return PUSHER_TLS ? secure : [`ws://${place}`, `http://${place}`, ...secure];
}

/**
 * The content security policy. Scripts and style elements need the request's nonce; style attributes cannot have one,
 * and components place things by them. Hot reload evaluates code and writes styles of its own, so development allows it.
 */
function policyFor(settings: Settings, dev: boolean): (nonce: string | null) => string {
  const isHttps = settings.APP_URL.startsWith("https:");
  const fixed = [
    "default-src 'none'",
    "img-src 'self' data:",
    "font-src 'self'",
    "manifest-src 'self'",
    `connect-src 'self' ${liveOrigins(settings).join(" ")}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    ...(isHttps ? ["upgrade-insecure-requests"] : []),
  ];
  return (nonce) => {
    const own = nonce === null ? "" : ` 'nonce-${nonce}'`;
    const styles = dev ? "'self' 'unsafe-inline'" : `'self'${own}`;
    return [
      ...fixed,
      `script-src 'self'${own} 'strict-dynamic'${dev ? " 'unsafe-eval'" : ""}`,
      `style-src ${styles}`,
      "style-src-attr 'unsafe-inline'",
    ].join("; ");
  };
}

/** The headers for these settings: a browser that reached us by https is told to stay with it. */
export function answerHeaders(settings: Settings, { dev }: { dev: boolean }): AnswerHeaders {
  const policy = policyFor(settings, dev);
  const fixed = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy":
      "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), bluetooth=(), hid=(), midi=(), display-capture=(), screen-wake-lock=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    ...(settings.APP_URL.startsWith("https:") ? { "strict-transport-security": "max-age=31536000" } : {}),
  };
  return {
    for: (incoming) => {
      const nonce = randomBytes(16).toString("base64");
      const withNonce = policy(nonce);
      // Next takes the nonce of its own scripts from the request. Whatever a client has sent by these names is gone.
      incoming["content-security-policy"] = withNonce;
      delete incoming["content-security-policy-report-only"];
      incoming[nonceHeader] = nonce;
      return { ...fixed, "content-security-policy": withNonce };
    },
    plain: { ...fixed, "content-security-policy": policy(null) },
  };
}
