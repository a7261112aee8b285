/** A live pair of a session, as its session keeps it. Times are milliseconds since the epoch; null is absent. */
export interface PairFacts {
  readonly created: number;
  readonly goalId: string;
  readonly agreedAt: number | null;
  readonly endedAt: number | null;
  readonly cooldownUntil: number | null;
  readonly exclusiveGoalId: string | null;
  readonly exclusiveGoalEndedAt: number | null;
}

export type PairState = "pending" | "agreed" | "live" | "over" | "cooldown" | "ended";

/** How a pair stands at `now`, as pages show it. */
export function pairState(pair: PairFacts, now: number): PairState {
  if (pair.exclusiveGoalEndedAt !== null) return "over";
  if (pair.exclusiveGoalId !== null) return "live";
  if (pair.agreedAt !== null) return "agreed";
  if (pair.endedAt === null) return "pending";
  return pair.cooldownUntil !== null && pair.cooldownUntil > now ? "cooldown" : "ended";
}

const inCooldown = { kind: "refuse", reason: "This viewer is in cooldown with this streamer." } as const;

export type InviteDecision =
  | { readonly kind: "invite" }
  | { readonly kind: "refuse"; readonly reason: string };

/**
 * May a viewer with this pair invite the streamer again? Not with an invitation pending, nor in cooldown. The cooldown
 * is also in the record of the last invitation (`recordedCooldown`), which stays when the pair is cleaned away.
 */
export function decideInvite(
  pair: PairFacts | null,
  recordedCooldown: number | null,
  now: number,
): InviteDecision {
  if (recordedCooldown !== null && recordedCooldown > now) return inCooldown;
  if (pair === null) return { kind: "invite" };
  switch (pairState(pair, now)) {
    case "pending":
      return { kind: "refuse", reason: "This viewer has an invitation pending with this streamer." };
    case "cooldown":
      return inCooldown;
    case "agreed":
    case "live":
      return { kind: "refuse", reason: "This viewer's show with this streamer goes on." };
    case "over":
    case "ended":
      return { kind: "invite" };
  }
}
