import { type InngestFunction, Middleware } from "inngest";
import { goalDeactivate, goalEnded } from "#src/contract/events.ts";
import { receiverIds } from "#src/contract/receivers.ts";
import type { Database } from "#src/server/data/database.ts";
import type { Log } from "#src/server/gateways/log.ts";
import type { Metrics } from "#src/server/gateways/metrics.ts";
import type { Scopes } from "#src/server/gateways/scopes.ts";
import { type OpenSpan, spanIdOf, traceIdOf, type Traces } from "#src/server/gateways/traces.ts";
import { type Belonging, type Carried, openBelonging, type SeenEvent, sendingSpan } from "./belonging.ts";

interface Observers {
  readonly db: Database;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly scopes: Scopes;
  readonly traces: Traces;
  readonly clock: () => Date;
}

/** One call of a function by Inngest, as far as it is observed. */
interface Call {
  readonly id: string;
  readonly runId: string;
  readonly isFailureHandler: boolean;
  readonly belonging: Belonging;
  readonly span: OpenSpan | null;
  readonly began: number;
}

type Known = Pick<InngestFunction.Any, "id">;
const receivers: ReadonlySet<string> = new Set(receiverIds);
/** What an end is asked for and announced by: their sending is a span that others can name. */
const named: ReadonlySet<string> = new Set([goalDeactivate.name, goalEnded.name]);

/**
 * Watches what Inngest does for us: each line of the log that a function writes says whose end it serves and in which run
 * it does so; each call, each step and each event that is sent is a span of that end's trace, whichever process they are
 * in, and however much later; and the metrics count. Nothing here changes or fails what is watched.
 */
export function observe({ db, log, metrics, scopes, traces, clock }: Observers): Middleware.Class {
  const belongingOf = openBelonging(db);

  /** Looks on. What goes wrong with that must not go wrong with the run. */
  async function watch(look: () => void | Promise<void>): Promise<void> {
    try {
      await look();
    } catch (error) {
      log.warn({ err: error }, "what a function does was not observed");
    }
  }

  return class Observing extends Middleware.BaseMiddleware {
    readonly id = "goalkeeper:observe";
    #call: Call | undefined;

    /** Everything that a call does is in a scope of its own, which learns whose it is once its signature was checked. */
    override wrapRequest({ next }: Middleware.WrapRequestArgs): Promise<Middleware.Response> {
      return scopes.run({}, async () => {
        const response = await next();
        await watch(() => this.#end(response.status));
        return response;
      });
    }

    override async transformFunctionInput(arg: Middleware.TransformFunctionInputArgs) {
      await watch(() => this.#begin(arg.fn, arg.ctx));
      return arg;
    }

    async #begin(fn: Known, ctx: { event: SeenEvent; runId: string; attempt: number }): Promise<void> {
      const { event, runId, attempt } = ctx;
      const id = fn.id();
      const belonging = await belongingOf(event);
      const { endingId, goalId, sender } = belonging;
      scopes.become({
        fields: {
          ...(endingId && { ending_id: endingId }),
          ...(goalId && { goal_id: goalId }),
          function: id,
          run_id: runId,
          attempt,
        },
      });
      const isFailureHandler = event.name === "inngest/function.failed";
      const span = await traces.start(isFailureHandler ? `${id} given up` : id, {
        kind: "consumer",
        place: { traceId: traceIdOf(endingId ?? `run ${runId}`) },
        parent: sender,
        attributes: { function: id, run_id: runId, attempt, goal_id: goalId, ending_id: endingId },
      });
      scopes.become({ span: span?.place });
      this.#call = { id, runId, isFailureHandler, belonging, span, began: performance.now() };
    }

    #end(status: number): void {
      const { id, isFailureHandler, span, began } = this.#call ?? {};
      if (id === undefined || began === undefined) return;
      span?.set({ "http.response.status_code": status });
      span?.end();
      const took_ms = performance.now() - began;
      if (receivers.has(id) && isFailureHandler !== true) {
        metrics.receiverSeconds.observe({ receiver: id }, took_ms / 1_000);
      }
      log.debug({ status, took_ms: Math.round(took_ms) }, "a function was called");
    }

    override onRunStart({ ctx }: Middleware.OnRunStartArgs): Promise<void> {
      return watch(() => {
        const { id, isFailureHandler } = this.#call ?? {};
        const sent = ctx.event.ts;
        if (id === undefined || isFailureHandler === true || typeof sent !== "number") return;
        const lag_ms = Math.max(0, clock().getTime() - sent);
        metrics.queueLag.observe({ function: id }, lag_ms / 1_000);
      });
    }

    override onRunComplete({ output }: Middleware.OnRunCompleteArgs): Promise<void> {
      return watch(() => {
        const { id = "", isFailureHandler, span } = this.#call ?? {};
        if (!receivers.has(id)) return;
        const given: unknown = (output as { status?: unknown } | null | undefined)?.status;
        const status = isFailureHandler === true ? "failed" : given;
        if (status !== "done" && status !== "returned" && status !== "failed") return;
        metrics.receiverRuns.inc({ receiver: id, status });
        span?.set({ outcome: status });
      });
    }

    override onRunError({ error, isFinalAttempt }: Middleware.OnRunErrorArgs): Promise<void> {
      return this.#failed(error, isFinalAttempt);
    }

    override onStepError({ error, isFinalAttempt }: Middleware.OnStepErrorArgs): Promise<void> {
      return this.#failed(error, isFinalAttempt);
    }

    #failed(error: Error, isFinal: boolean): Promise<void> {
      return watch(() => {
        const { id = "", isFailureHandler, span } = this.#call ?? {};
        span?.fail(error);
        if (receivers.has(id) && isFailureHandler !== true && !isFinal) {
          metrics.receiverRuns.inc({ receiver: id, status: "retrying" });
        }
      });
    }

    override wrapStepHandler({ next, stepInfo }: Middleware.WrapStepHandlerArgs): Promise<unknown> {
      const step = stepInfo.options.id;
      return traces.span(`step ${step}`, { attributes: { step } }, async () => {
        const began = performance.now();
        const result = await next();
        log.debug({ step, took_ms: Math.round(performance.now() - began) }, "a step is done");
        return result;
      });
    }

    /** A sleep and an invocation are nothing that runs here: a moment of the trace, which others can name. */
    override async transformStepInput(arg: Middleware.TransformStepInputArgs) {
      if (arg.stepInfo.memoized || this.#call === undefined) return arg;
      const { runId, belonging } = this.#call;
      const { endingId, goalId } = belonging;
      const step = arg.stepOptions.id;
      if (arg.stepInfo.stepType === "sleep") {
        await watch(() => moment(`sleep ${step}`, { until: String(arg.input[0]) }));
      }
      if (arg.stepInfo.stepType !== "invoke" || endingId === undefined) return arg;
      const spanId = spanIdOf(`invoke ${runId} ${arg.stepInfo.hashedId}`);
      await watch(() => moment(`invoke ${step}`, {}, spanId));
      const serves: Carried["_serves"] = {
        ending_id: endingId,
        ...(goalId && { goal_id: goalId }),
        ...(traces.on && { span_id: spanId }),
      };
      return { ...arg, input: [withServes(arg.input[0], serves)] };
    }

    override async wrapSendEvent({ next, events }: Middleware.WrapSendEventArgs) {
      const spans: OpenSpan[] = [];
      if (traces.on) {
        await watch(async () => {
          for (const event of events) {
            // oxlint-disable-next-line no-await-in-loop -- what is sent in one go is looked at in one go
            const span = await sending(event);
            if (span !== null) spans.push(span);
          }
        });
      }
      try {
        return await next();
      } catch (error) {
        for (const span of spans) span.fail(error);
        throw error;
      } finally {
        for (const span of spans) span.end();
      }
    }
  };

  /** A span without a length. */
  async function moment(name: string, attributes: Record<string, string>, spanId?: string): Promise<void> {
    const place = spanId === undefined ? {} : { spanId };
    (await traces.start(name, { kind: "producer", place, attributes }))?.end();
  }

  /** The span of sending an event by which a goal ends; another trace's work that sends it is linked to. */
  async function sending(event: SeenEvent): Promise<OpenSpan | null> {
    if (event.id === undefined || !named.has(event.name ?? "")) return null;
    const { fields, span: current } = scopes.current();
    const own = fields["ending_id"];
    const isOfOwn = typeof own === "string" && event.name === goalEnded.name && event.id.endsWith(`:${own}`);
    const endingId = isOfOwn ? own : (await belongingOf(event)).endingId;
    if (endingId === undefined) return null;
    const traceId = traceIdOf(endingId);
    return traces.start(`send ${event.name}`, {
      kind: "producer",
      place: { traceId, spanId: sendingSpan(event.id) },
      attributes: { event_id: event.id },
      links: current === undefined || current.traceId === traceId ? [] : [current],
    });
  }
}

/** An invocation's options, with whose end it serves beside the function's input. */
function withServes(options: unknown, serves: Carried["_serves"]): unknown {
  const { payload, ...rest } = options as { payload?: { data?: Record<string, unknown> } };
  return { ...rest, payload: { ...payload, data: { ...payload?.data, _serves: serves } } };
}
