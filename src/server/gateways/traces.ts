import { createHash } from "node:crypto";
import type { AppSettings } from "#src/config/env.ts";
import type { Log } from "./log.ts";
import type { Tracer } from "./otlp.ts";
import type { Scopes, SpanPlace } from "./scopes.ts";

export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** What a span is, besides its name. Attributes are seen by whoever sees the traces: no secrets, nobody's address. */
export interface SpanAbout {
  readonly kind?: "internal" | "server" | "client" | "producer" | "consumer";
  readonly attributes?: Attributes;
  /** Its own place, where others must be able to say it; otherwise it is in the current span's trace, with a new id. */
  readonly place?: Partial<SpanPlace>;
  /** The id of the span that it belongs to, in the same trace; by default the current one, where that is in this trace. */
  readonly parent?: string | undefined;
  /** Spans of other traces that it has to do with. */
  readonly links?: readonly SpanPlace[];
}

/** A span under way. */
export interface OpenSpan {
  readonly place: SpanPlace;
  set(attributes: Attributes): void;
  /** Notes what went wrong. */
  fail(error: unknown): void;
  end(): void;
}

/** Traces, sent by OTLP over HTTP to where `OTEL_EXPORTER_OTLP_ENDPOINT` says; without it nothing is loaded or done. */
export interface Traces {
  readonly on: boolean;
  /** Begins a span, which the caller ends. Null without traces, and outside any of them. Never throws. */
  start(name: string, about?: SpanAbout): Promise<OpenSpan | null>;
  /** A span around work, and the current one within it. What the work throws is noted, and thrown. */
  span<T>(name: string, about: SpanAbout, work: (span: OpenSpan | null) => Promise<T>): Promise<T>;
  /** Sends what has ended, within 2 s or not at all, and makes no more spans. */
  close(): Promise<void>;
}

const digest = (text: string, length: number) =>
  createHash("sha256").update(`goalkeeper ${text}`).digest("hex").slice(0, length);

/**
 * The trace of whatever `key` names, the same in every process and at any time: so nothing has to be carried from the
 * request to a refund that may be months away.
 */
export const traceIdOf = (key: string) => digest(`trace ${key}`, 32);
/** The id of the one span that `key` names, for those who must say it without having seen it. */
export const spanIdOf = (key: string) => digest(`span ${key}`, 16);

const within_ms = 2_000;

/** Comes back after 2 s at the latest, whatever happens. */
async function bounded(work: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, within_ms);
  await Promise.race([work, late.promise]).catch(() => undefined);
  clearTimeout(timer);
}

const off: Traces = {
  on: false,
  start: async () => null,
  span: (_, __, work) => work(null),
  close: async () => undefined,
};

export function openTraces(settings: AppSettings, scopes: Scopes, log: Log): Traces {
  const endpoint = settings.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return off;
  // Loaded only here, since the libraries behind it take their time.
  const opening: Promise<Tracer | null> = import("./otlp.ts").then(
    ({ openTracer }) => openTracer({ ...settings, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }, log),
    (error: unknown) => {
      log.error({ err: error }, "traces could not be begun");
      return null;
    },
  );
  const start: Traces["start"] = async (name, about = {}) => {
    const tracer = await opening;
    const { span: current } = scopes.current();
    const traceId = about.place?.traceId ?? current?.traceId;
    if (traceId === undefined) return null;
    const parent = about.parent ?? (current?.traceId === traceId ? current.spanId : undefined);
    return tracer?.start(name, { ...about, place: { ...about.place, traceId }, parent }) ?? null;
  };
  return {
    on: true,
    start,
    span: async (name, about, work) => {
      const span = await start(name, about);
      if (span === null) return work(null);
      return scopes.run({ span: span.place }, async () => {
        try {
          return await work(span);
        } catch (error) {
          span.fail(error);
          throw error;
        } finally {
          span.end();
        }
      });
    },
    close: () => bounded(opening.then((tracer) => tracer?.close())),
  };
}
