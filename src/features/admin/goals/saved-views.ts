import { z } from "zod";
import type { GoalFilter } from "#src/contract/console.ts";
import { goalsAddress, type GoalsView, readGoalsAddress } from "./filter-address.ts";
import { createKept } from "./kept.ts";

const savedViewShape = z.object({
  name: z.string().trim().min(1).max(40),
  /** The address's query, as it was when the view was saved. */
  query: z.string().max(2_000),
});
export type SavedView = z.output<typeof savedViewShape>;

/** A device keeps no more than this many views. */
const most = 30;

export const savedViews = createKept<readonly SavedView[]>(
  "goalkeeper.console.views",
  z.array(savedViewShape).max(most).readonly(),
  [],
);

/** The views that everybody has, by the names of their texts: each answers a question that comes up every day. */
export const ownViews = {
  all: {},
  attention: { trouble: "any" },
  failed: { trouble: "failed" },
  late: { trouble: "late" },
  due: { refund: "due" },
  pending: { state: "pending" },
} as const satisfies Record<string, GoalFilter>;
export type OwnViewName = keyof typeof ownViews;

const queryOf = (filter: GoalFilter, view: GoalsView) => goalsAddress(filter, view).split("?")[1] ?? "";

/** With a view under this name; another one of the same name gives way, and beyond the most the oldest. */
export function withView(
  views: readonly SavedView[],
  name: string,
  filter: GoalFilter,
  view: GoalsView,
): readonly SavedView[] {
  const saved = { name: name.trim(), query: queryOf(filter, view) };
  return [...views.filter((other) => other.name !== saved.name), saved].slice(-most);
}

/** Where a saved view leads. What it says and is no longer understood is left out. */
export function addressOfView({ query }: SavedView): string {
  const { filter, view } = readGoalsAddress(new URLSearchParams(query));
  return goalsAddress(filter, view);
}
