import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { expiryId } from "#src/contract/events.ts";
import { escrowIdOf } from "#src/contract/ids.ts";
import { receiverIds } from "#src/contract/receivers.ts";
import { traceIdOf } from "#src/server/gateways/traces.ts";
import { handleDecline } from "#src/server/http/decline.ts";
import { findGoal } from "#src/server/data/goals.ts";
import { askToExpire } from "#src/server/operations/ask-to-end.ts";
import { refundEscrow } from "#src/server/operations/escrow.ts";
import { refundByHand } from "#src/server/operations/note-refund.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { attributeOf, type CollectedSpan, type Collector, startCollector } from "#src/testing/collector.ts";
import { setExp, untilSettled } from "#src/testing/endings.ts";
import { endUnsignalled, makeScene, type Scene, tokenFor } from "#src/testing/scene.ts";
import { pathOf, rootsOf } from "#src/testing/trace-tree.ts";

let collector: Collector;
beforeAll(async () => {
  collector = await startCollector();
});
afterAll(() => collector.close());

/** Declines by a request, with what a proxy and the caller's own trace add to it; gives the event's id. */
async function decline({ services }: TestApp, { streamerId }: Scene, goalId: string): Promise<string> {
  const headers = {
    authorization: `Bearer ${await tokenFor(services, streamerId)}`,
    "content-type": "application/json",
    "x-request-id": "proxy-1",
    traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`,
  };
  const url = `http://localhost:3000/goals/${goalId}`;
  const request = new Request(url, { method: "DELETE", headers, body: '{"agree":false}' });
  const response = await handleDecline(services, request, goalId);
  const { event_id } = (await response.json()) as { event_id: string };
  return event_id;
}

/** The spans of an ending, once each receiver has come to its end and nothing is under way. */
const traceOf = (endingId: string) =>
  collector.until((spans) => {
    const own = spans.filter(({ traceId }) => traceId === traceIdOf(endingId));
    const ended = own.filter((span) => attributeOf(span, "outcome") !== undefined);
    return new Set(ended.map(({ name }) => name)).size === receiverIds.length ? own : undefined;
  });

const named = (spans: readonly CollectedSpan[], name: string) => spans.filter((span) => span.name === name);
const pathsTo = (spans: readonly CollectedSpan[], name: string) =>
  named(spans, name).map((span) => pathOf(spans, span));

const signal = ["send goal.deactivate", "deactivate_goal", "step send the signal", "send goal.ended"];

describe("what is seen of an end", () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SERVICE_NAME: "shows" });
  });
  afterAll(() => app.close());

  test("a decline is one trace, from its request to the refund in the ledger", async () => {
    const scene = await makeScene(app.services, ["vic"]);
    const goalId = await scene.invite("vic");
    const eventId = await decline(app, scene, goalId);
    const spans = await traceOf(eventId);

    expect(rootsOf(spans).map(({ name }) => name)).toEqual(["DELETE /goals/{goal_id}"]);
    const fromDelete = ["DELETE /goals/{goal_id}", ...signal];
    const refunding = [...fromDelete, "trigger_exclusive_goal_escrow_refund"];
    expect(pathsTo(spans, "ledger refund")).toEqual([
      [...refunding, "invoke refund", "escrow_refund", "step resolve the escrow", "ledger refund"],
    ]);
    expect(pathsTo(spans, "check_trigger_exclusive_goal_refundable")).toEqual([
      [...refunding, "invoke check", "check_trigger_exclusive_goal_refundable"],
    ]);
    expect(pathsTo(spans, "invalidate_get_session_token_view_cache")).toEqual([
      [
        ...fromDelete,
        "set_embedded_goal_ended",
        "invoke invalidate the token view",
        "invalidate_get_session_token_view_cache",
      ],
    ]);
    expect(pathsTo(spans, "push goal.ended")).toEqual([
      [...fromDelete, "notify_goal_ended", "push goal.ended"],
    ]);
    for (const receiver of receiverIds) {
      expect(pathsTo(spans, receiver)[0]).toEqual([...fromDelete, receiver]);
    }
    expect(named(spans, "sleep until the refund is due")).toHaveLength(1);
    expect([...collector.services]).toEqual(["shows"]);
    expect(spans.filter(({ status }) => status.code === 2)).toEqual([]);
  });

  test("its request links to the caller's trace and names the proxy's id; each call names goal, end and run", async () => {
    const scene = await makeScene(app.services, ["vic"]);
    const goalId = await scene.invite("vic");
    const eventId = await decline(app, scene, goalId);
    const spans = await traceOf(eventId);
    const [request] = rootsOf(spans);
    expect(request?.links).toMatchObject([{ traceId: "a".repeat(32), spanId: "b".repeat(16) }]);
    expect(request && attributeOf(request, "request_id")).toBe("proxy-1");
    const [refund] = named(spans, "escrow_refund");
    const said = ["goal_id", "ending_id", "function", "attempt", "run_id"].map(
      (key) => refund && attributeOf(refund, key),
    );
    expect(said).toEqual([goalId, eventId, "escrow_refund", 0, expect.any(String)]);
  });

  test("nobody's name, e-mail address or token is in a span", async () => {
    const scene = await makeScene(app.services, ["vic"]);
    const token = await tokenFor(app.services, scene.streamerId);
    const eventId = await decline(app, scene, await scene.invite("vic"));
    const told = JSON.stringify(await traceOf(eventId));
    expect(told).not.toMatch(/@example\.com|Bearer|password/);
    expect(told).not.toContain(token);
  });

  test("an invitation that gives way to a decline has a trace of its own, linked to what it gave way to", async () => {
    const scene = await makeScene(app.services, ["vic", "wen"]);
    const goalId = await scene.invite("vic");
    const other = await scene.invite("wen");
    const cause = await decline(app, scene, goalId);
    await untilSettled(app.services, other);
    const endingId = (await findGoal(app.services.db, other))?.deactivated?.event_id ?? "";
    const spans = await traceOf(endingId);
    expect(rootsOf(spans).map(({ name }) => name)).toEqual(["send goal.deactivate"]);
    expect(rootsOf(spans)[0]?.links).toMatchObject([{ traceId: traceIdOf(cause) }]);
    expect(pathsTo(spans, "ledger refund")[0]?.slice(0, 5)).toEqual([
      ...signal,
      "trigger_exclusive_goal_escrow_refund",
    ]);
  });

  test("a refund by hand is in the trace of the goal's end", async () => {
    const { services } = app;
    const scene = await makeScene(services, ["vic"]);
    const goalId = await scene.invite("vic");
    await endUnsignalled(services, scene, goalId);
    const goal = await findGoal(services.db, goalId);
    if (goal === null) throw new Error("the goal is gone");
    const [auditId, window] = ["d".repeat(24), { userId: scene.streamerId, nbf: 0, exp: null }];
    await refundByHand(services, goal, auditId, () =>
      refundEscrow(services, escrowIdOf(goalId), window, auditId),
    );
    const traceId = traceIdOf(goal.deactivated?.event_id ?? "");
    const spans = await collector.until((all) => {
      const own = all.filter((span) => span.traceId === traceId);
      return own.length === 2 ? own : undefined;
    });
    expect(pathsTo(spans, "ledger refund")).toEqual([["refund by hand", "ledger refund"]]);
  });

  test("an invitation that ends by the clock has a trace of its own", async () => {
    const scene = await makeScene(app.services, ["vic"]);
    const goalId = await scene.invite("vic");
    await setExp(app.services, goalId, new Date(Date.now() - 1_000));
    const goal = await findGoal(app.services.db, goalId);
    if (goal === null) throw new Error("the goal is gone");
    await askToExpire(app.services, [goal]);
    const spans = await traceOf(expiryId(goalId, goal.exp.getTime(), Date.now()));
    expect(rootsOf(spans).map(({ name }) => name)).toEqual(["send goal.deactivate"]);
    expect(pathsTo(spans, "track_goals")).toEqual([[...signal, "track_goals"]]);
  });
});

describe("what is seen of a receiver that cannot do its work", () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, PUSHER_PORT: "9" });
  });
  afterAll(() => app.close());

  test("is each attempt with its error, and in the figures that it is retried and then given up", async () => {
    const scene = await makeScene(app.services, ["vic"]);
    const eventId = await decline(app, scene, await scene.invite("vic"));
    const givenUp = await collector.until((spans) =>
      spans.find((span) => span.traceId === traceIdOf(eventId) && span.name === "notify_goal_ended given up"),
    );
    const spans = collector.spans.filter(({ traceId }) => traceId === givenUp.traceId);
    const attempts = named(spans, "notify_goal_ended");
    expect(attempts.length).toBeGreaterThan(1);
    expect(attempts.map((span) => attributeOf(span, "attempt"))).toEqual([...attempts.keys()]);
    expect(attempts.every(({ status }) => status.code === 2)).toBe(true);
    expect(pathOf(spans, givenUp).at(-2)).toBe("send goal.ended");
    const lines = await vi.waitFor(async () => {
      const text = await app.services.metrics.registry.metrics();
      const found = text.split("\n").filter((line) => /runs_total.*notify_goal_ended/.test(line));
      expect(found).toHaveLength(2);
      return found;
    });
    expect(lines.toSorted()).toEqual([
      'goalkeeper_receiver_runs_total{receiver="notify_goal_ended",status="failed"} 1',
      `goalkeeper_receiver_runs_total{receiver="notify_goal_ended",status="retrying"} ${attempts.length - 1}`,
    ]);
  });
});
