import { receiverIds } from "#src/contract/receivers.ts";
import { traceIdOf } from "#src/server/gateways/traces.ts";
import { attributeOf, type CollectedSpan, type Collector, startCollector } from "#src/testing/collector.ts";
import { signIn } from "./accounts.ts";
import { runCommand } from "./command.ts";
import { ownStack } from "./own-stack.ts";

/** A stack whose refunds are due some seconds after a decline, and that sends its traces to a collector of its own. */
export interface TracedStack {
  readonly app: string;
  /** Declines a new invitation, and gives its trace when nothing of it is missing. With `kill` the app dies while the refund sleeps. */
  decline(options?: { kill?: boolean }): Promise<TracedDecline>;
  close(): Promise<void>;
}

export interface TracedDecline {
  readonly goalId: string;
  readonly eventId: string;
  readonly spans: readonly CollectedSpan[];
}

export const refundDelay_s = 4;
const refunding = "trigger_exclusive_goal_escrow_refund";

/** What the collector has of an ending, once `isAll` says that it is all. */
const traceOf = (
  collector: Collector,
  eventId: string,
  isAll: (spans: readonly CollectedSpan[]) => boolean,
): Promise<readonly CollectedSpan[]> =>
  collector.until((all) => {
    const spans = all.filter(({ traceId }) => traceId === traceIdOf(eventId));
    return isAll(spans) ? spans : undefined;
  });

/** Whether each of these receivers has come to its end, and so has what it has invoked. */
const haveEnded = (spans: readonly CollectedSpan[], receivers: readonly string[]) =>
  receivers.every((receiver) =>
    spans.some((span) => span.name === receiver && attributeOf(span, "outcome") !== undefined),
  ) && spans.some(({ name }) => name === "invalidate_get_session_token_view_cache");

export async function startTraced(onOutput?: (text: string) => void): Promise<TracedStack> {
  const cleanup = new AsyncDisposableStack();
  const collector = await startCollector();
  cleanup.defer(() => collector.close());
  const settings = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    REFUND_DELAY_SECONDS: String(refundDelay_s),
    LOG_LEVEL: "debug",
  };
  const stack = await ownStack({ settings, ...(onOutput && { onOutput }) });
  cleanup.defer(() => stack.close());
  const { app } = stack.description;
  return {
    app,
    decline: async ({ kill = false } = {}) => {
      const authorization = await signIn(app, "ada@example.com");
      const people = ["--streamer", "ada@example.com", "--viewer", "vic@example.com", "--force"];
      const { stdout } = await runCommand("invite", people, { ...stack.env, LOG_LEVEL: "silent" });
      const { goal_id: goalId } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as { goal_id: string };
      const response = await fetch(`${app}/goals/${goalId}`, {
        method: "DELETE",
        headers: { authorization, "content-type": "application/json" },
        body: '{"agree":false}',
      });
      const { event_id: eventId } = (await response.json()) as { event_id: string };
      const immediate = receiverIds.filter((receiver) => receiver !== refunding);
      if (kill) {
        const sleeps = (spans: readonly CollectedSpan[]) =>
          haveEnded(spans, immediate) && spans.some(({ name }) => name.startsWith("sleep"));
        await traceOf(collector, eventId, sleeps);
        await stack.kill("app");
        await stack.start();
      }
      const spans = await traceOf(collector, eventId, (found) => haveEnded(found, receiverIds));
      return { goalId, eventId, spans };
    },
    close: () => cleanup.disposeAsync(),
  };
}
