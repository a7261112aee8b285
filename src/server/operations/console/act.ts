import type { GoalAction } from "#src/contract/console.ts";
import type { Caller } from "#src/contract/roles.ts";
import type { Services } from "../../services.ts";
import { comingSoon } from "./coming.ts";

/** What came of an action on one goal: the events it sent, by id; and for a refund by hand, what moved. */
export interface Acted {
  readonly audit_id: string;
  readonly event_ids: readonly string[];
  readonly moved: { readonly amount: number; readonly currency: string } | null;
}

/**
 * Acts on one goal by hand, audited. Throws `goal_not_found`, `forbidden` (what only admins may do), `action_refused`
 * when the goal's state does not allow it, `unavailable` when it was not confirmed.
 */
export async function actOnGoal(
  services: Services,
  caller: Caller,
  request: { goalId: string; action: GoalAction; reason: string; requestId: string },
): Promise<Acted> {
  return comingSoon(services, caller, request);
}
