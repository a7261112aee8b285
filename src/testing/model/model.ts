/** How a goal stands, and where its money is. `unbegun` is one that is still being made. */
export type End = "unbegun" | "pending" | "agreed" | "declined" | "expired" | "superseded";
export type Money = "none" | "held" | "refunded" | "paid";

/** What the model knows of a goal: how it stood when all was last at rest. Times are milliseconds since the epoch. */
export interface ModelGoal {
  readonly id: string;
  readonly viewer: string;
  readonly created: number;
  exp: number;
  end: End;
  money: Money;
  heldBack: boolean;
  /** Something of it was lost for good: what was to end or refund it may never have come. */
  lost: boolean;
}

/** What somebody has asked for since then, and what came of it: nothing, for who has died or was not answered. */
export interface Asked {
  /** `nothing` is what somebody asks for whose business it is not. */
  readonly kind:
    | "nothing"
    | "agree"
    | "decline"
    | "replace"
    | "pay_out"
    | "refund_now"
    | "hold_refund"
    | "let_refund_go";
  /** Whom it concerns: the goal; for `replace` every goal of its viewer. */
  readonly concerns: (goal: ModelGoal) => boolean;
  outcome?: "granted" | "refused";
}

/** The ends at which a goal may be found at rest. `declined` tells when others were, and which of those just now. */
export function mayEnd(
  goal: ModelGoal,
  asked: readonly Asked[],
  others: readonly { readonly declinedAt: number; readonly isNew: boolean }[],
  now: number,
): ReadonlySet<End> {
  if (goal.end !== "unbegun" && goal.end !== "pending") return new Set([goal.end]);
  const about = asked.filter(({ concerns }) => concerns(goal));
  const wants = (kind: Asked["kind"]) => about.filter((one) => one.kind === kind);
  const gaveWay = others.filter(({ declinedAt }) => declinedAt > goal.created);
  const may = new Set<End>();
  if (wants("agree").length > 0) may.add("agreed");
  if (wants("decline").length > 0) may.add("declined");
  if (goal.exp <= now || goal.end === "unbegun") may.add("expired");
  if (gaveWay.length > 0 || wants("replace").length > 0 || goal.end === "unbegun") may.add("superseded");
  const over =
    [...wants("agree"), ...wants("decline")].some(
      ({ outcome }) => outcome === "granted" || (outcome === "refused" && goal.end === "pending"),
    ) ||
    (goal.end === "pending" &&
      (goal.exp <= now ||
        gaveWay.some(({ isNew }) => isNew) ||
        wants("replace").some(({ outcome }) => outcome === "granted")));
  if (!over || goal.lost) may.add("pending");
  if (goal.end === "unbegun" && !over) may.add("unbegun");
  return wants("agree").some(({ outcome }) => outcome === "granted") ? new Set<End>(["agreed"]) : may;
}

/** Where the money of a goal may be found that has come to this end. `isDue` says that its refund's time has come. */
export function mayMoney(
  goal: ModelGoal,
  asked: readonly Asked[],
  { end, heldBack, isDue }: { end: End; heldBack: boolean; isDue: boolean },
): ReadonlySet<Money> {
  const wants = (kind: Asked["kind"]) => asked.filter((one) => one.kind === kind && one.concerns(goal));
  if (goal.money === "refunded" || goal.money === "paid") return new Set([goal.money]);
  if (end === "unbegun") return new Set<Money>(["none", "held", "refunded"]);
  if (end === "pending") return new Set<Money>(["held"]);
  if (end === "agreed") {
    const paid = wants("pay_out");
    if (paid.some(({ outcome }) => outcome === "granted")) return new Set<Money>(["paid"]);
    return new Set<Money>(paid.length > 0 ? ["held", "paid"] : ["held"]);
  }
  if (wants("refund_now").some(({ outcome }) => outcome === "granted")) return new Set<Money>(["refunded"]);
  const isKept = goal.heldBack && heldBack && wants("let_refund_go").length === 0;
  if (isKept) return new Set<Money>(["held"]);
  const may = new Set<Money>(["refunded"]);
  if (goal.end === "unbegun") may.add("none");
  if (heldBack || !isDue || goal.lost) may.add("held");
  if (wants("let_refund_go").some(({ outcome }) => outcome === undefined)) may.add("held");
  return may;
}
