import { z } from "zod";
import { readObjectId } from "#src/contract/ids.ts";
import { ProblemError } from "#src/contract/problems.ts";
import { declineGoal } from "../operations/decline-goal.ts";
import type { Services } from "../services.ts";
import { readSmallJson } from "./body.ts";
import { requireCaller } from "./caller.ts";
import { senderOf } from "./limit.ts";
import { answer } from "./problem.ts";

/** The body of a decline. `agree` must be present and false; unknown fields are refused. */
const declineBody = z.strictObject({ agree: z.literal(false) });

/**
 * `DELETE /goals/<goal_id>`, body `{"agree": false}` (interface, "HTTP"). Who is asking is settled before anything is
 * said of the goal.
 */
export async function handleDecline(services: Services, request: Request, goalId: string): Promise<Response> {
  const { metrics, log } = services;
  const timed = metrics.declineSeconds.startTimer();
  const response = await answer(request, log, () => decline(services, request, goalId));
  metrics.declines.inc({ status: response.status });
  timed();
  return response;
}

async function decline(services: Services, request: Request, goalId: string): Promise<Response> {
  await services.limits.declineAddress.spend(senderOf(request));
  const caller = await requireCaller(services, request);
  await services.limits.decline.spend(caller.id);
  const id = readObjectId(goalId);
  if (id === null) throw new ProblemError("invalid_goal_id");
  const body = declineBody.safeParse(await readSmallJson(request));
  if (!body.success) throw new ProblemError("invalid_body");
  const declined = await declineGoal(services, caller, id);
  return Response.json(declined, {
    status: declined.status === "accepted" ? 202 : 200,
    headers: { "cache-control": "no-store" },
  });
}
