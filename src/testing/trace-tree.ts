import { attributeOf, type CollectedSpan } from "./collector.ts";

const ms = (nano: string) => Number(BigInt(nano) / 1_000n) / 1_000;
const byStart = (a: CollectedSpan, b: CollectedSpan) => ms(a.startTimeUnixNano) - ms(b.startTimeUnixNano);

/** The names from the trace's first span down to this one. */
export function pathOf(spans: readonly CollectedSpan[], span: CollectedSpan): string[] {
  const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
  return [...(parent === undefined ? [] : pathOf(spans, parent)), span.name];
}

/** The spans whose parents are not among them: of a whole trace, its first one alone. */
export const rootsOf = (spans: readonly CollectedSpan[]): CollectedSpan[] => {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  return spans
    .filter(({ parentSpanId }) => parentSpanId === undefined || !ids.has(parentSpanId))
    .toSorted(byStart);
};

/**
 * A trace as an indented tree, a line a span: when it began after the first, how long it took, both in milliseconds, its
 * name and, where it says so, its answer's status or its outcome. What another process did than the first is marked.
 */
export function treeOf(spans: readonly CollectedSpan[]): string[] {
  const roots = rootsOf(spans);
  const processes = [...new Set(spans.toSorted(byStart).map(({ pid }) => pid))];
  const began = Math.min(...roots.map(({ startTimeUnixNano }) => ms(startTimeUnixNano)));
  const lineOf = (span: CollectedSpan, depth: number) => {
    const start = (ms(span.startTimeUnixNano) - began).toFixed(0).padStart(7);
    const took = (ms(span.endTimeUnixNano) - ms(span.startTimeUnixNano)).toFixed(1).padStart(8);
    const said =
      attributeOf(span, "outcome") ??
      (depth === 0 ? attributeOf(span, "http.response.status_code") : undefined);
    const failed = span.status.code === 2 ? `  !! ${span.status.message ?? ""}` : "";
    const n = processes.indexOf(span.pid);
    return `${start} ${took}  ${n > 0 ? `#${n + 1}` : "  "}  ${"  ".repeat(depth)}${span.name}${said === undefined ? "" : ` (${said})`}${failed}`;
  };
  const linesOf = (span: CollectedSpan, depth: number): string[] => [
    lineOf(span, depth),
    ...spans
      .filter(({ parentSpanId }) => parentSpanId === span.spanId)
      .toSorted(byStart)
      .flatMap((child) => linesOf(child, depth + 1)),
  ];
  return roots.flatMap((root) => linesOf(root, 0));
}
