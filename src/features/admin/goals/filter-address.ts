import { type GoalFilter, goalFilter, type GoalSort } from "#src/contract/console.ts";

/** The two ways to look at the goals that one filter matches. */
export type GoalsView = "table" | "effects";

/** What the page's address says. */
export interface GoalsAddress {
  readonly filter: GoalFilter;
  readonly view: GoalsView;
  /** The parts that mean nothing here and were left out, by name. */
  readonly dropped: readonly string[];
}

/** Every part of a filter, in the order in which an address has them. */
const names = goalFilter.keyof().options;
const amounts: readonly string[] = ["min_amount", "max_amount"] satisfies (keyof GoalFilter)[];

/** A whole number as an address writes it; anything else stays the text that it is, for the filter to refuse. */
const numberIn = (text: string): number | string => (/^\d{1,15}$/.test(text) ? Number(text) : text);

/**
 * Reads a filter and a view from an address. What is not understood is left out and named, never guessed at: somebody
 * who is shown more goals than the address was meant for must know.
 */
export function readGoalsAddress(query: Iterable<readonly [string, string]>): GoalsAddress {
  const parts: Record<string, unknown> = {};
  const dropped = new Set<string>();
  let view: GoalsView = "table";
  for (const [name, text] of query) {
    if (name === "view") {
      if (text === "effects") view = "effects";
      else if (text !== "table") dropped.add(name);
    } else if (name in parts) {
      dropped.add(name);
    } else {
      parts[name] = amounts.includes(name) ? numberIn(text) : text;
    }
  }
  let read = goalFilter.safeParse(parts);
  if (!read.success) {
    for (const issue of read.error.issues) {
      const wrong = issue.code === "unrecognized_keys" ? issue.keys : issue.path.slice(0, 1).map(String);
      for (const name of wrong) {
        dropped.add(name);
        delete parts[name];
      }
    }
    read = goalFilter.safeParse(parts);
  }
  const filter = read.data ?? {};
  // Whose trouble, without saying which: any of it.
  if (filter.receiver !== undefined && filter.trouble === undefined) filter.trouble = "any";
  if (filter.sort !== undefined && filter.sort !== orderOf(filter)) {
    dropped.add("sort");
    delete filter.sort;
  }
  return { filter, view, dropped: [...dropped] };
}

/** What the goals are in fact ordered by: a filter by amount orders by amount. */
export const orderOf = ({ sort, min_amount, max_amount }: GoalFilter): GoalSort =>
  min_amount !== undefined || max_amount !== undefined ? "amount" : (sort ?? "created");

/**
 * A filter with some of its parts changed (undefined: no longer set), such as the server takes it: an amount orders by
 * amount, and who no longer asks for trouble asks for nobody's.
 */
export function changeFilter(filter: GoalFilter, changes: Partial<GoalFilter>): GoalFilter {
  const next = { ...filter, ...changes };
  if (changes.receiver !== undefined && next.trouble === undefined) next.trouble = "any";
  if (next.trouble === undefined) delete next.receiver;
  if (next.sort !== undefined && next.sort !== orderOf(next)) delete next.sort;
  for (const name of names) if (next[name] === undefined) delete next[name];
  return next;
}

/** A filter as an address writes it, always in the same order: `state=ended&refund=due`, or the empty text. */
export function writeGoalFilter(filter: GoalFilter): string {
  const query = new URLSearchParams();
  for (const name of names) {
    const value = filter[name];
    if (value !== undefined && value !== "") query.set(name, String(value));
  }
  return query.toString();
}

/** The address of the goals that a filter matches. */
export function goalsAddress(filter: GoalFilter, view: GoalsView = "table"): string {
  const query = [writeGoalFilter(filter), view === "effects" ? "view=effects" : ""];
  const text = query.filter((part) => part !== "").join("&");
  return text === "" ? "/admin/goals" : `/admin/goals?${text}`;
}

/** Where all that a filter matches is to be had as CSV. */
export function exportAddress(filter: GoalFilter): string {
  const text = writeGoalFilter(filter);
  return `/admin/export/goals.csv${text === "" ? "" : `?${text}`}`;
}

/** How many parts of a filter are set; the order is none of them. */
export const partsSet = (filter: GoalFilter): number =>
  names.filter((name) => name !== "sort" && filter[name] !== undefined).length;
