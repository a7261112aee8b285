import { createHash, createHmac, timingSafeEqual } from "node:crypto";

const PREFIX = /^signkey-\w+-/;
const MAX_AGE_S = 300;

/** Same text or not, in a time that does not tell where texts of one length differ. */
export function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Why a signing key cannot be used, or undefined when it can: after its prefix it is hexadecimal bytes. */
export function signingKeyProblem(key: string): string | undefined {
  const bare = key.replace(PREFIX, "");
  return bare.length > 0 && bare.length % 2 === 0 && /^[0-9a-f]+$/i.test(bare)
    ? undefined
    : "the Inngest signing key must be `signkey-<environment>-` and an even number of hexadecimal digits";
}

/** The key as the SDK shows it in `Authorization: Bearer …`: prefix and SHA-256 of the key's bytes. */
export function hashedSigningKey(key: string): string {
  const prefix = PREFIX.exec(key)?.[0] ?? "";
  return (
    prefix +
    createHash("sha256")
      .update(Buffer.from(key.replace(PREFIX, ""), "hex"))
      .digest("hex")
  );
}

function hmac(key: string, text: string, time: string): string {
  return createHmac("sha256", key.replace(PREFIX, "")).update(text).update(time).digest("hex");
}

/** The value of `x-inngest-signature` for a text: the canonical JSON of a request. */
export function sign(key: string, text: string, nowMs: number): string {
  const time = Math.floor(nowMs / 1000).toString();
  return `t=${time}&s=${hmac(key, text, time)}`;
}

/** Whether a signature belongs to this text (a response's body as it came) and is not older than five minutes. */
export function isSignedBy(key: string, text: string, signature: string, nowMs: number): boolean {
  const parts = new URLSearchParams(signature);
  const time = parts.get("t") ?? "";
  if (!/^\d+$/.test(time) || Math.abs(nowMs / 1000 - Number(time)) > MAX_AGE_S) return false;
  return sameText(hmac(key, text, time), parts.get("s") ?? "");
}
