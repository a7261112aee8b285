import type { ReceiverId, ReceiverStatus } from "#src/contract/receivers.ts";
import type { Services } from "../../services.ts";
import { comingSoon } from "./coming.ts";

/** One bar of the waterfall. Times are ISO 8601; `end` is null while it goes on. */
export interface Bar {
  readonly kind: "request" | "task" | "signal" | "receiver" | "retry";
  readonly name: string;
  readonly receiver: ReceiverId | null;
  readonly status: ReceiverStatus;
  readonly start: string;
  readonly end: string | null;
  readonly attempts: number;
  readonly reason: string | null;
  readonly error: string | null;
  readonly event_id: string | null;
  readonly run_id: string | null;
  /** What our own records say went in; the steps are Inngest's to tell. */
  readonly input: unknown;
}

/** The whole decline by our own records: from the request to the last receiver. */
export interface Timeline {
  readonly bars: readonly Bar[];
}

/** One step of a run, as Inngest tells it. */
export interface InngestStep {
  readonly name: string;
  readonly kind: string;
  readonly status: string;
  readonly start: string | null;
  readonly end: string | null;
  readonly attempts: number;
  readonly output: unknown;
  readonly error: string | null;
}

/** What Inngest itself knows of one run; `reachable` is false when its API does not answer, and says why. */
export type InngestRun =
  | {
      readonly reachable: true;
      readonly run_id: string;
      readonly function_id: string;
      readonly status: string;
      readonly queued: string | null;
      readonly started: string | null;
      readonly ended: string | null;
      readonly output: unknown;
      readonly steps: readonly InngestStep[];
    }
  | { readonly reachable: false; readonly why: string };

/** Asks Inngest of one run of this goal. A run of another goal is not told of. */
export async function inngestRun(services: Services, goalId: string, runId: string): Promise<InngestRun> {
  return comingSoon(services, goalId, runId);
}
