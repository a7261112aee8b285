import type { SpanPlace } from "../gateways/scopes.ts";

/** The id that a proxy has given the request, as far as it may be written down; null without one. */
export function requestIdOf(headers: Headers): string | null {
  const id = headers.get("x-request-id");
  return id !== null && /^[\w.:/+=-]{1,128}$/.test(id) ? id : null;
}

/** The span of whoever has sent the request (W3C trace context); null where it says none, or none that can be. */
export function traceParentOf(headers: Headers): SpanPlace | null {
  const given = headers.get("traceparent") ?? "";
  const [, version, traceId = "", spanId = ""] =
    /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?$/.exec(given) ?? [];
  const isNone = version === undefined || version === "ff" || /^0+$/.test(traceId) || /^0+$/.test(spanId);
  return isNone ? null : { traceId, spanId };
}
