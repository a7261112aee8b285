import { ObjectId } from "mongodb";
import { type GoalFilter, type GoalSort, goalSorts } from "#src/contract/console.ts";
import { objectIdHex } from "#src/contract/ids.ts";
import { ProblemError } from "#src/contract/problems.ts";
import type { Trouble } from "#src/domain/summary.ts";
import type { SummaryPlan } from "../../data/goal-summaries.ts";

/** Every end is after this: a bound that leaves out the goals that have none, and with it the index that does. */
const beginning = new Date(0);

/**
 * How the summaries that a filter matches are found: by which conditions, in which order, by which declared index
 * (docs/console.md, "Which filters go with which sorts"). `from` is included and `to` is not, both amounts are. `q` must
 * have been understood before; what is left of it is a goal's id. Throws `invalid_request` where an amount is asked for
 * in another order than by amount.
 */
export function planOfFilter(filter: GoalFilter): SummaryPlan {
  const sort = sortOf(filter);
  const match = { ...conditionsOf(filter), ...rangeOf(filter, sort) };
  if (filter.q !== undefined) {
    if (!objectIdHex.safeParse(filter.q).success) throw new ProblemError("invalid_request");
    return { match: { ...match, _id: new ObjectId(filter.q) }, sort, hint: { _id: 1 } };
  }
  return {
    match,
    sort,
    hint: {
      ...Object.fromEntries(leadOf(filter, sort).map((path) => [path, 1 as const])),
      [sort]: -1,
      _id: -1,
    },
  };
}

/** Amounts order by amount. */
function sortOf({ sort, min_amount, max_amount }: GoalFilter): GoalSort {
  if (min_amount === undefined && max_amount === undefined) return sort ?? goalSorts[0];
  if (sort !== undefined && sort !== "amount") throw new ProblemError("invalid_request");
  return "amount";
}

function conditionsOf(filter: GoalFilter): Record<string, unknown> {
  const { state, outcome, refund, streamer, viewer, session } = filter;
  return {
    ...(session !== undefined && { session_id: new ObjectId(session) }),
    ...(viewer !== undefined && { viewer_id: new ObjectId(viewer) }),
    ...(streamer !== undefined && { streamer_id: new ObjectId(streamer) }),
    ...(hasTrouble(filter) && { trouble: troubleOf(filter) }),
    ...(refund !== undefined && { refund }),
    ...(state !== undefined && { state }),
    // What is pending has no outcome: so an index by an outcome finds it as well.
    ...(state === "pending" && { outcome: null }),
    // Both at once is a contradiction, and finds nothing.
    ...(outcome !== undefined && (state === "pending" ? { outcome: { $in: [] } } : { outcome })),
  };
}

const hasTrouble = ({ trouble, receiver }: GoalFilter) => trouble !== undefined || receiver !== undefined;

/** The value that `trouble` has; a receiver alone means any trouble of it. */
const troubleOf = ({ trouble = "any", receiver }: GoalFilter): Trouble =>
  receiver === undefined ? trouble : `${trouble}:${receiver}`;

/** The bounds on what the list is ordered by, and on the creation where that is something else. */
function rangeOf(filter: GoalFilter, sort: GoalSort): Record<string, unknown> {
  const { from, to, min_amount, max_amount } = filter;
  const time = {
    ...(from !== undefined && { $gte: new Date(from) }),
    ...(to !== undefined && { $lt: new Date(to) }),
  };
  const amount = {
    ...(min_amount !== undefined && { $gte: min_amount }),
    ...(max_amount !== undefined && { $lte: max_amount }),
  };
  const isBounded = Object.keys(time).length > 0;
  return {
    ...(sort === "ended" && { ended: { $gte: beginning, ...time } }),
    ...(sort !== "ended" && isBounded && { created: time }),
    ...(Object.keys(amount).length > 0 && { amount }),
  };
}

/** The fields before the order in the index that leaves the fewest goals to look at. */
function leadOf(filter: GoalFilter, sort: GoalSort): readonly string[] {
  const { session, viewer, streamer, state, outcome, refund } = filter;
  const byCreation = sort === "created";
  const byOutcome = outcome !== undefined || state === "pending";
  if (session !== undefined) return ["session_id"];
  if (viewer !== undefined) return ["viewer_id"];
  if (streamer !== undefined) {
    if (byCreation && hasTrouble(filter)) return ["streamer_id", "trouble"];
    return byCreation && byOutcome ? ["streamer_id", "outcome"] : ["streamer_id"];
  }
  if (hasTrouble(filter)) return ["trouble"];
  if (refund !== undefined) {
    if (byOutcome) return ["refund", "outcome"];
    return byCreation && state !== undefined ? ["refund", "state"] : ["refund"];
  }
  if (outcome !== undefined) return ["outcome"];
  return state === undefined || sort === "ended" ? [] : ["state"];
}
