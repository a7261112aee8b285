import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Request } from "autocannon";
import type { Bench } from "./benchmark.ts";

/** One request of a load. */
export interface PacedRequest {
  readonly method: "DELETE" | "GET" | "POST";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface PacedAnswer {
  /** When it was sent, in milliseconds since 1970. */
  readonly sent: number;
  /** From then until the answer's last byte. */
  readonly took_ms: number;
  /** 0 where there was no answer. */
  readonly status: number;
}

/** What autocannon saw. */
export interface Flooded {
  readonly statuses: Readonly<Record<string, number>>;
  readonly latencies: readonly number[];
  /** Answers in each whole second. */
  readonly perSecond: readonly number[];
  /** Requests without an answer. */
  readonly failed: number;
}

/** What the process of the load is ordered to do. */
export type Load =
  | {
      readonly kind: "paced";
      readonly url: string;
      readonly perSecond: number;
      readonly requests: readonly PacedRequest[];
    }
  | {
      readonly kind: "flood";
      readonly url: string;
      readonly connections: number;
      readonly seconds: number;
      readonly requests: readonly Request[];
    };

const loadFile = fileURLToPath(new URL("./load-process.ts", import.meta.url));

async function run<T>(load: Load): Promise<T> {
  const child = fork(loadFile, { execArgv: [] });
  const answered = once(child, "message") as Promise<[T]>;
  const ended = once(child, "exit").then(() => {
    throw new Error("The process of the load ended before it had said anything.");
  });
  ended.catch(() => undefined);
  child.send(load);
  const [result] = await Promise.race([answered, ended]);
  return result;
}

/** An open loop, evenly spaced, in a process of its own; the answers in the order of the requests. */
export const paced = (
  url: string,
  perSecond: number,
  requests: readonly PacedRequest[],
): Promise<PacedAnswer[]> => run({ kind: "paced", url, perSecond, requests });

/** A closed loop over so many connections for so long, by autocannon in a process of its own; the requests go round. */
export const flood = (order: Omit<Extract<Load, { kind: "flood" }>, "kind">): Promise<Flooded> =>
  run({ kind: "flood", ...order });

/** The request that declines a goal of Ada's. */
export const declineOf = ({ authorization }: Bench, goalId: string): PacedRequest => ({
  method: "DELETE",
  path: `/goals/${goalId}`,
  headers: { authorization, "content-type": "application/json" },
  body: '{"agree":false}',
});

/** The same server's empty handler of a DELETE; see `request.ts`. */
export const emptyDelete: PacedRequest = { method: "DELETE", path: "/healthz" };
