import { Chance } from "../support/fuzz-values.ts";

/** What becomes of an invitation, as far as people have a say in it. */
export const fates = ["decline", "insist", "agree", "race", "replace", "expire", "leave"] as const;
type Fate = (typeof fates)[number];

/** One invitation of a scenario. */
export interface PlannedInvitation {
  readonly streamer: "ada" | "bea";
  readonly viewer: "vic" | "wen" | "xan";
  /** Whole minor units. */
  readonly amount: number;
  /**
   * `insist`: three requests at once, and the first caller hangs up before it is answered. `race`: declined and agreed to at
   * once. `replace`: the viewer invites again, and that one is declined. `leave`: nobody does anything about it.
   */
  readonly fate: Fate;
  /** When it is acted on, in milliseconds from the beginning. */
  readonly at_ms: number;
}

export const services = ["mongodb", "inngest", "pusher"] as const;
const connections = [...services, "app"] as const;
/** Where messages pass: to a service, or to the app, from Inngest and from the streamer. */
export type Connection = (typeof connections)[number];

/** A step boundary: the n-th message of those that matter on a connection, before it arrives or before its answer does. */
export interface Boundary {
  readonly on: Connection;
  readonly side: "request" | "reply";
  readonly nth: number;
}

const killed = ["app", "services", "all"] as const;

/** A fault and when it is set up, in milliseconds from the beginning. All durations are in milliseconds. */
export type Fault = { readonly at_ms: number } & (
  | { readonly kind: "kill"; readonly what: (typeof killed)[number]; readonly where: Boundary }
  | { readonly kind: "lost"; readonly where: Boundary }
  | { readonly kind: "late"; readonly where: Boundary; readonly for_ms: number }
  | { readonly kind: "twice"; readonly where: Boundary }
  | { readonly kind: "overtaken"; readonly where: Boundary }
  | { readonly kind: "refused"; readonly on: Connection; readonly for_ms: number }
  | { readonly kind: "slow"; readonly on: Connection; readonly by_ms: number; readonly for_ms: number }
  | { readonly kind: "clock"; readonly offset_ms: number; readonly for_ms: number }
  | { readonly kind: "full disk"; readonly for_ms: number }
);

/** All that happens under one seed. */
export interface Plan {
  readonly seed: number;
  readonly invitations: readonly PlannedInvitation[];
  readonly faults: readonly Fault[];
}

const minute_ms = 60_000;
const hour_ms = 60 * minute_ms;
/** Beyond five minutes the app takes Inngest's signatures for old, or its own for new; below, the two go on together. */
const offsets_ms = [3_000, -2 * minute_ms, 8 * minute_ms, -20 * minute_ms, 5 * hour_ms, -7 * hour_ms];

const boundary = (chance: Chance, on: readonly Connection[] = connections): Boundary => ({
  on: chance.pick(on),
  side: chance.pick(["request", "reply"]),
  nth: 1 + chance.below(chance.is(0.5) ? 4 : 20),
});

const kinds = ["kill", "kill", "lost", "late", "twice", "overtaken", "refused", "slow", "clock", "full disk"];

function fault(chance: Chance): Fault {
  // Before most is acted on: a boundary that is waited for has to come yet.
  const at_ms = chance.below(600);
  const kind = chance.pick(kinds);
  switch (kind) {
    case "lost":
      return { at_ms, kind, where: boundary(chance) };
    case "late":
      return { at_ms, kind, where: boundary(chance), for_ms: 300 + chance.below(4_000) };
    // MongoDB's own protocol never sends a command twice: what is sent again comes from its clients, after "lost".
    case "twice":
    case "overtaken":
      return { at_ms, kind, where: boundary(chance, ["inngest", "pusher", "app"]) };
    case "refused":
      return { at_ms, kind, on: chance.pick(connections), for_ms: 500 + chance.below(3_500) };
    case "slow":
      return {
        at_ms,
        kind,
        on: chance.pick(connections),
        by_ms: 20 + chance.below(300),
        for_ms: 1_000 + chance.below(2_500),
      };
    case "clock":
      return { at_ms, kind, offset_ms: chance.pick(offsets_ms), for_ms: 1_000 + chance.below(2_000) };
    case "full disk":
      return { at_ms, kind, for_ms: 800 + chance.below(2_500) };
    default:
      return { at_ms, kind: "kill", what: chance.pick(killed), where: boundary(chance) };
  }
}

/** Draws what happens under a seed: the same for the same seed, on every machine. */
export function drawPlan(seed: number): Plan {
  const chance = new Chance(seed, 0);
  const couples = (["ada", "bea"] as const).flatMap((streamer) =>
    (["vic", "wen", "xan"] as const).map((viewer) => ({ streamer, viewer })),
  );
  const left = couples.map((couple) => ({ couple, order: chance.below(1_000_000) }));
  const invitations = left
    .toSorted((one, other) => one.order - other.order)
    .slice(0, 3 + chance.below(3))
    .map(({ couple }, index): PlannedInvitation => ({
      ...couple,
      amount: 100 + chance.below(5_000),
      // Each seed has a decline at least.
      fate: index === 0 || chance.is(0.4) ? "decline" : chance.pick(fates),
      at_ms: chance.below(1_500),
    }));
  return { seed, invitations, faults: Array.from({ length: 2 + chance.below(3) }, () => fault(chance)) };
}

/** A fault in a few words, as the verdict has it: `kill app before mongodb 3`. */
export function nameOf(fault: Fault): string {
  const place = ({ on, side, nth }: Boundary) =>
    `${side === "request" ? "before" : "after"} ${on === "app" ? "call" : on} ${nth}`;
  switch (fault.kind) {
    case "kill":
      return `kill ${fault.what} ${place(fault.where)}`;
    case "lost":
    case "twice":
    case "overtaken":
      return `${fault.kind} ${place(fault.where)}`;
    case "late":
      return `late by ${fault.for_ms} ms ${place(fault.where)}`;
    case "refused":
      return `refused ${fault.on} for ${fault.for_ms} ms`;
    case "slow":
      return `slow ${fault.on} by ${fault.by_ms} ms for ${fault.for_ms} ms`;
    case "clock":
      return `clock off by ${fault.offset_ms / 1_000} s for ${fault.for_ms} ms`;
    case "full disk":
      return `full disk for ${fault.for_ms} ms`;
  }
}
