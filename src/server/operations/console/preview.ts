import type { GoalAction } from "#src/contract/console.ts";
import type { ReceiverId } from "#src/contract/receivers.ts";
import type { Services } from "../../services.ts";
import { comingSoon } from "./coming.ts";

/** One thing that an action would change; or, among `unchanged`, leaves as it is. */
export type PreviewLine =
  | {
      readonly kind: "database";
      readonly collection: string;
      readonly id: string;
      readonly field: string;
      readonly before: unknown;
      readonly after: unknown;
    }
  | {
      readonly kind: "money";
      readonly from: string;
      readonly to: string;
      readonly amount: number;
      readonly currency: string;
    }
  | { readonly kind: "push"; readonly channel: string; readonly event: string }
  /** How many cached answers of this tag are kept right now. */
  | { readonly kind: "cache"; readonly tag: string; readonly entries: number }
  | { readonly kind: "event"; readonly name: string }
  | { readonly kind: "wait"; readonly until: string };

/** Why something stays as it is, or why an action is not to be had. */
export type PreviewNote =
  | "already_done"
  | "not_its_business"
  | "not_refundable"
  | "held_back"
  | "not_held_back"
  | "mixed_holds"
  | "outside_window"
  | "goal_still_active"
  | "goal_not_active"
  | "session_gone"
  | "sleeps_first";

export interface PreviewPart {
  /** Whose effect: a receiver's, or the action's own. */
  readonly receiver: ReceiverId | null;
  readonly changes: readonly PreviewLine[];
  readonly unchanged: readonly { readonly line: PreviewLine | null; readonly note: PreviewNote }[];
}

/** What an action would do now, and what it would not because it is done already. Reading it changes nothing. */
export interface Preview {
  readonly action: GoalAction;
  readonly parts: readonly PreviewPart[];
  /** Why the action would be refused; null when it may be done. */
  readonly refused: PreviewNote | null;
  /** Everything is done already: the action is harmless, and does nothing but what is listed. */
  readonly harmless: boolean;
}

export async function previewAction(
  services: Services,
  goalId: string,
  action: GoalAction,
): Promise<Preview> {
  return comingSoon(services, goalId, action);
}
