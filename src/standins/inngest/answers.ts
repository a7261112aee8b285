import { z } from "zod";

import type { Reply } from "./app-client.ts";
import { parseJson } from "./http.ts";
import { isJsonObject, type Json, type JsonObject, type RunError } from "./model.ts";
import { isSignedBy } from "./signature.ts";

/** One operation that a function wants done, as the SDK writes it. */
export const operation = z.looseObject({
  id: z.string().min(1),
  op: z.string(),
  name: z.string().nullish(),
  displayName: z.string().nullish(),
  // What JSON.parse gave is JSON: it is not copied, so that every key stays as it came.
  data: z.custom<Json>().optional(),
  error: z.custom<Json>().optional(),
  opts: z.custom<JsonObject>(isJsonObject).nullish(),
  timing: z.looseObject({ a: z.number(), b: z.number() }).nullish(),
});
/** One operation that a function wants done, as the SDK writes it. */
export type Operation = z.infer<typeof operation>;

const operationList = z.array(operation).min(1);

/** What an app's answer means. */
export type Verdict =
  | { kind: "result"; result: Json }
  | { kind: "operations"; operations: Operation[]; isRacing: boolean; retryAfter: string | undefined }
  | { kind: "error"; error: RunError; isFinal: boolean; retryAfter: string | undefined };

/** An error as the SDK wrote it, or one made of whatever came instead. */
export function toRunError(value: unknown, fallback = "Unknown error"): RunError {
  if (isJsonObject(value)) {
    const { name, message, error } = value;
    const text = typeof message === "string" ? message : typeof error === "string" ? error : fallback;
    return { ...value, name: typeof name === "string" ? name : "Error", message: text };
  }
  return { name: "Error", message: typeof value === "string" && value !== "" ? value : fallback };
}

function tryParse(text: string): unknown {
  try {
    return text === "" ? null : parseJson(text);
  } catch {
    return undefined;
  }
}

const header = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

/** A streamed answer: status 201, blanks while the function runs, then what it really answers. */
const streamed = z.looseObject({
  status: z.number(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});

/**
 * Reads an app's answer. Success must come from the SDK (`x-inngest-sdk`, and signed by our key where it is signed):
 * a stray page that answers 200 must not complete a run.
 */
export function judge(
  answer: Reply & { kind: "answer" },
  signingKey: string | undefined,
  nowMs: number,
): Verdict {
  const { status, headers, body } = answer;
  const retryAfter = header(headers["retry-after"]);
  const refuse = (message: string): Verdict => ({
    kind: "error",
    error: { name: "Error", message },
    isFinal: false,
    retryAfter,
  });
  const isFromSdk = headers["x-inngest-sdk"] !== undefined;

  if (status >= 200 && status < 300) {
    if (!isFromSdk) return refuse(`the app answered ${status}, but not as an Inngest SDK does`);
    const signature = header(headers["x-inngest-signature"]);
    if (
      signingKey !== undefined &&
      signature !== undefined &&
      !isSignedBy(signingKey, body, signature, nowMs)
    ) {
      return refuse("the app's answer has a wrong signature");
    }
  }
  const parsed = tryParse(body);
  if (status === 201) {
    const inner = streamed.safeParse(parsed);
    if (!inner.success) return refuse("the app's streamed answer cannot be read");
    const lowered = Object.entries(inner.data.headers).map(([key, value]) => [key.toLowerCase(), value]);
    const unwrapped: Reply & { kind: "answer" } = {
      kind: "answer",
      status: inner.data.status === 201 ? 500 : inner.data.status,
      headers: { "x-inngest-sdk": "streamed", ...Object.fromEntries(lowered) },
      body: inner.data.body,
    };
    return judge(unwrapped, signingKey, nowMs);
  }
  if (status === 200) {
    return { kind: "result", result: parsed === undefined ? body : (parsed as Json) };
  }
  if (status === 206) {
    const operations = operationList.safeParse(Array.isArray(parsed) ? parsed : [parsed]);
    if (!operations.success) return refuse("the app's operations cannot be read");
    return {
      kind: "operations",
      operations: operations.data,
      isRacing: header(headers["x-inngest-req-version"]) === "1",
      retryAfter,
    };
  }
  const isFinal = isFromSdk && header(headers["x-inngest-no-retry"]) === "true";
  const error = toRunError(parsed ?? body.slice(0, 1000), `the app answered ${status}`);
  return { kind: "error", error, isFinal, retryAfter };
}
