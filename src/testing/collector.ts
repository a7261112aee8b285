import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

type Value = {
  readonly stringValue?: string;
  readonly intValue?: number | string;
  readonly boolValue?: boolean;
};
interface Pair {
  readonly key: string;
  readonly value: Value;
}

/** A span as it came over the wire. */
export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Pair[];
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status: { readonly code: number; readonly message?: string };
  /** The process that has sent it. */
  readonly pid: number;
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Pair[] };
    readonly scopeSpans: readonly { readonly spans: readonly Omit<CollectedSpan, "pid">[] }[];
  }[];
}

/** An OTLP/HTTP collector that keeps what it is sent: for tests of what the app tells of itself. */
export interface Collector {
  readonly url: string;
  readonly spans: readonly CollectedSpan[];
  /** The names under which services have sent. */
  readonly services: ReadonlySet<string>;
  /** Waits until the spans are such; gives what `look` gives then. */
  until<T>(look: (spans: readonly CollectedSpan[]) => T | undefined): Promise<T>;
  close(): Promise<void>;
}

/** What a span says under this key; undefined when it says nothing. */
export function attributeOf(span: CollectedSpan, key: string): string | number | boolean | undefined {
  const value = span.attributes.find((pair) => pair.key === key)?.value;
  return (
    value?.stringValue ??
    value?.boolValue ??
    (value?.intValue === undefined ? undefined : Number(value.intValue))
  );
}

export async function startCollector(): Promise<Collector> {
  const spans: CollectedSpan[] = [];
  const services = new Set<string>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const isTraces = request.method === "POST" && request.url === "/v1/traces";
      if (!isTraces) return void response.writeHead(404).end();
      const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString()) as Export;
      for (const { resource, scopeSpans } of resourceSpans) {
        const said = new Map(resource.attributes.map(({ key, value }) => [key, value]));
        services.add(said.get("service.name")?.stringValue ?? "");
        const pid = Number(said.get("process.pid")?.intValue);
        for (const scope of scopeSpans) spans.push(...scope.spans.map((span) => ({ ...span, pid })));
      }
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    services,
    until: async (look) => {
      for (;;) {
        const found = look(spans);
        if (found !== undefined) return found;
        await wait(20);
      }
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
