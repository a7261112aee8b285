import { createHmac } from "node:crypto";
import { request, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";

/** Where the app's own socket is, and by which name Inngest is to call it. */
export interface SyncTarget {
  readonly host: string;
  readonly port: number;
  readonly appUrl: string;
  /** What the app checks that it is asked by one who may; unset where Inngest itself signs nothing. */
  readonly signingKey: string | undefined;
}

/** An empty body, signed as Inngest signs its own requests: the app takes a registration from nobody else. */
function signatureBy(signingKey: string): string {
  const at = String(Math.floor(Date.now() / 1_000));
  const key = signingKey.replace(/^signkey-\w+-/, "");
  return `t=${at}&s=${createHmac("sha256", key).update(at).digest("hex")}`;
}

/** Registers once. Answers undefined on success, else the reason why not. */
async function syncOnce(
  { host, port, appUrl, signingKey }: SyncTarget,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  // Not fetch, which takes no Host header: the SDK may read from it under which URL it registers.
  const outgoing = request({
    method: "PUT",
    host,
    port,
    path: "/api/inngest",
    headers: {
      host: new URL(appUrl).host,
      "content-length": 0,
      ...(signingKey === undefined ? {} : { "x-inngest-signature": signatureBy(signingKey) }),
    },
    agent: false,
    timeout: 120_000,
    signal,
  });
  outgoing.once("response", resolve).once("error", reject);
  outgoing.once("timeout", () => outgoing.destroy(new Error("no answer")));
  outgoing.end();
  try {
    const response = await promise;
    const body = await text(response);
    // The SDK answers 200 to some registrations that Inngest refused; only its message tells them apart.
    if (response.statusCode === 200 && body.includes("Successfully registered")) return undefined;
    return `${response.statusCode} ${body.slice(0, 300)}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Registers the app's functions with Inngest by asking the app to do so, as a deployment does, and tries until it
 * succeeds. A reason is logged once while it stays the same. Gives up only when `signal` says so.
 */
export async function syncWithInngest(
  target: SyncTarget,
  { signal, log }: { signal: AbortSignal; log: (line: string) => void },
): Promise<void> {
  let said: string | undefined;
  for (let delay_ms = 100; !signal.aborted; delay_ms = Math.min(2 * delay_ms, 5_000)) {
    const reason = await syncOnce(target, signal);
    if (reason === undefined || signal.aborted) return;
    // Its very first tries may meet a service that is just coming up.
    if (reason !== said && delay_ms > 400) log(`Inngest has not registered the functions yet: ${reason}`);
    said = reason;
    await wait(delay_ms, undefined, { signal }).catch(() => undefined);
  }
}
