import { randomUUID } from "node:crypto";
import { z } from "zod";
import { readObjectId } from "#src/contract/ids.ts";
import { ProblemError } from "#src/contract/problems.ts";
import type { Caller } from "#src/contract/roles.ts";
import { traceIdOf } from "../gateways/traces.ts";
import { declineGoal } from "../operations/decline-goal.ts";
import type { Services } from "../services.ts";
import { readSmallJson } from "./body.ts";
import { requireCaller } from "./caller.ts";
import { senderOf } from "./limit.ts";
import { answer } from "./problem.ts";
import { requestIdOf, traceParentOf } from "./request-ids.ts";

/** The body of a decline. `agree` must be present and false; unknown fields are refused. */
const declineBody = z.strictObject({ agree: z.literal(false) });

/**
 * `DELETE /goals/<goal_id>`, body `{"agree": false}` (interface, "HTTP"). Who is asking is settled before anything is
 * said of the goal. The id under which its log and its trace are found is that of the event which it may send, and which
 * its answer gives back: whatever comes of it carries the same.
 */
export function handleDecline(services: Services, request: Request, goalId: string): Promise<Response> {
  const { metrics, log, scopes, traces } = services;
  const eventId = randomUUID();
  const id = readObjectId(goalId);
  const request_id = requestIdOf(request.headers);
  const caller = traceParentOf(request.headers);
  const about = { ...(id && { goal_id: id }), ...(request_id && { request_id }) };
  const span = {
    kind: "server",
    place: { traceId: traceIdOf(eventId) },
    attributes: {
      ...about,
      ending_id: eventId,
      "http.request.method": "DELETE",
      "http.route": "/goals/{goal_id}",
    },
    links: caller === null ? [] : [caller],
  } as const;
  return scopes.run({ fields: { ending_id: eventId, ...about } }, () =>
    traces.span("DELETE /goals/{goal_id}", span, async (open) => {
      const timed = metrics.declineSeconds.startTimer();
      const response = await answer(request, log, () => decline(services, request, id, eventId));
      const { status } = response;
      metrics.declines.inc({ status });
      const took_ms = Math.round(1_000 * timed());
      open?.set({ "http.response.status_code": status });
      if (status >= 500) open?.fail(new Error(`It was answered ${status}.`));
      log[status === 202 ? "info" : "debug"]({ status, took_ms }, "a decline was answered");
      return response;
    }),
  );
}

async function decline(
  services: Services,
  request: Request,
  id: string | null,
  eventId: string,
): Promise<Response> {
  await services.limits.declineAddress.spend(senderOf(request));
  const asking = whoAsks(services, request);
  if (id === null) {
    await asking;
    throw new ProblemError("invalid_goal_id");
  }
  const inOrder = asking.then(async (caller) => {
    await checkBody(request);
    return caller;
  });
  const declined = await declineGoal(services, inOrder, id, eventId);
  return Response.json(declined, {
    status: declined.status === "accepted" ? 202 : 200,
    headers: { "cache-control": "no-store" },
  });
}

/** Who is asking, unless they ask too often. */
async function whoAsks(services: Services, request: Request): Promise<Caller> {
  const caller = await requireCaller(services, request);
  await services.limits.decline.spend(caller.id);
  return caller;
}

async function checkBody(request: Request): Promise<void> {
  const body = declineBody.safeParse(await readSmallJson(request));
  if (!body.success) throw new ProblemError("invalid_body");
}
