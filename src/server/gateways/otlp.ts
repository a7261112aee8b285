import { hostname } from "node:os";
import {
  type Attributes as OtelAttributes,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  RandomIdGenerator,
  type SpanExporter,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace-node";
import type { AppSettings } from "#src/config/env.ts";
import type { Log } from "./log.ts";
import type { SpanPlace } from "./scopes.ts";
import type { Attributes, OpenSpan, SpanAbout } from "./traces.ts";

type TraceSettings = Pick<AppSettings, "OTEL_SERVICE_NAME" | "OTEL_TRACES_SAMPLER_ARG"> & {
  readonly OTEL_EXPORTER_OTLP_ENDPOINT: string;
};

/** Where a span is to be: in which trace, and, where others must be able to say it, under which id. */
type Wanted = Pick<SpanPlace, "traceId"> & Partial<SpanPlace>;

export interface Tracer {
  start(name: string, about: SpanAbout & { readonly place: Wanted }): OpenSpan;
  close(): Promise<void>;
}

const kinds = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};

/** Says once that traces are not delivered, and once that they are again. The work that they tell of never waits. */
function saying(exporter: SpanExporter, endpoint: string, log: Log): SpanExporter {
  let lost = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.code !== 0 && !lost)
          log.warn({ endpoint, reason: result.error?.message }, "traces are not delivered, and are lost");
        if (result.code === 0 && lost) log.info({ endpoint }, "traces are delivered again");
        lost = result.code !== 0;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => await exporter.forceFlush?.(),
  };
}

const given = (attributes: Attributes = {}): OtelAttributes => ({ ...attributes });

/** What a span says of an error: its kind and its sentence, without the stack, which is in the log. */
function fail(span: Span, error: unknown): void {
  const [name, message] = error instanceof Error ? [error.name, error.message] : ["Error", String(error)];
  span.setAttribute("error.type", name);
  span.setStatus({ code: SpanStatusCode.ERROR, message: message.slice(0, 300) });
}

/**
 * Sends spans by OTLP over HTTP, in batches, beside the work. It is nobody's global tracer: the libraries that would take
 * part of their own accord stay silent.
 */
export function openTracer(settings: TraceSettings, log: Log): Tracer {
  const endpoint = new URL(settings.OTEL_EXPORTER_OTLP_ENDPOINT);
  const url = `${endpoint.href.replace(/\/$/, "")}/v1/traces`;
  const random = new RandomIdGenerator();
  /** The place of the span that is about to begin. It begins in one go: no other comes in between. */
  let next: Wanted = { traceId: random.generateTraceId() };
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: 3_000 });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({
      "service.name": settings.OTEL_SERVICE_NAME,
      "host.name": hostname(),
      "process.pid": process.pid,
    }),
    idGenerator: {
      generateTraceId: () => next.traceId,
      generateSpanId: () => next.spanId ?? random.generateSpanId(),
    },
    // By the trace's id alone, so that every process decides the same about one trace.
    sampler: new TraceIdRatioBasedSampler(settings.OTEL_TRACES_SAMPLER_ARG),
    spanProcessors: [
      // A process that is killed loses a second's spans at most; one that cannot send forgets what is more than the queue.
      new BatchSpanProcessor(saying(exporter, endpoint.origin, log), {
        scheduledDelayMillis: 1_000,
        maxQueueSize: 8_192,
        exportTimeoutMillis: 4_000,
      }),
    ],
  });
  const tracer = provider.getTracer("goalkeeper");
  const place = ({ traceId, spanId }: SpanPlace) => ({ traceId, spanId, traceFlags: TraceFlags.SAMPLED });

  return {
    start(name, { kind = "internal", attributes, place: wanted, parent, links = [] }) {
      next = wanted;
      const { traceId } = wanted;
      const context =
        parent === undefined
          ? ROOT_CONTEXT
          : trace.setSpanContext(ROOT_CONTEXT, place({ traceId, spanId: parent }));
      const span = tracer.startSpan(
        name,
        {
          kind: kinds[kind],
          attributes: given(attributes),
          links: links.map((link) => ({ context: place(link) })),
        },
        context,
      );
      return {
        place: span.spanContext(),
        set: (more) => void span.setAttributes(given(more)),
        fail: (error) => fail(span, error),
        end: () => span.end(),
      };
    },
    close: () => provider.shutdown(),
  };
}
