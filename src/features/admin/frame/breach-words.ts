import type { Breach } from "#src/server/operations/console/conservation.ts";

/** What each kind of breach is called, by its text. */
export const breachWords = {
  overdrawn: "breach_overdrawn",
  late: "breach_late",
  left_behind: "breach_left_behind",
  malformed: "breach_malformed",
  sums_differ: "breach_sums_differ",
} as const satisfies Record<Breach["kind"], string>;

/** A breach's place in a list: nothing else tells two of them apart. */
export const breachKey = ({ kind, escrow_id, transfer_id, currency, amount }: Breach): string =>
  [kind, escrow_id, transfer_id, currency, amount].join(" ");
