import type { GoalFilter } from "#src/contract/console.ts";
import type { ReceiverId } from "#src/contract/receivers.ts";
import type { GoalSummaryDocument } from "../../data/documents.ts";
import { summariesAfter } from "../../data/goal-summaries.ts";
import { type Account, findAccounts } from "../../data/users.ts";
import type { Services } from "../../services.ts";
import { planOfFilter } from "./filter.ts";
import { understand } from "./filter-words.ts";

/** One goal of the export. Ids are hex, times ISO 8601, `amount` is in the currency's own units; absent is null. */
export interface ExportedGoal {
  readonly goal_id: string;
  readonly state: string;
  readonly streamer_id: string;
  readonly streamer_name: string | null;
  readonly streamer_email: string | null;
  readonly viewer_id: string;
  readonly viewer_name: string | null;
  readonly viewer_email: string | null;
  readonly session_id: string;
  readonly invited: string;
  readonly ends: string;
  readonly ended: string | null;
  readonly amount: string;
  readonly currency: string;
  readonly refund: string;
  readonly refund_due: string | null;
  readonly money_moved: string | null;
  readonly failed_receivers: string;
  readonly late_receivers: string;
}

const batchLength = 500;
/** People are kept by heart while an export goes on, so many of them at most. */
const mostKept = 20_000;

/**
 * The goals that a filter matches, by their summaries, in the list's order, batch by batch as they are asked for. Each
 * batch begins after the last goal of the one before: what changes meanwhile makes none come twice. Throws
 * `invalid_request`.
 */
export async function* exportGoals(
  services: Pick<Services, "db">,
  filter: GoalFilter,
): AsyncGenerator<ExportedGoal[], void> {
  const understood = await understand(services, filter);
  if (understood === null) return;
  const plan = planOfFilter(understood);
  const people = new Map<string, Account>();
  for (let last: GoalSummaryDocument | undefined; ;) {
    const value = last?.[plan.sort];
    const after = last === undefined || value === undefined ? null : { value, id: last._id };
    // oxlint-disable no-await-in-loop -- a batch is read when the one before has been taken
    const batch: GoalSummaryDocument[] = await summariesAfter(services.db, plan, after)
      .limit(batchLength)
      .toArray();
    await meet(services, people, batch);
    // oxlint-enable no-await-in-loop
    if (batch.length > 0) yield batch.map((summary) => exported(summary, people));
    last = batch.at(-1);
    if (batch.length < batchLength || last === undefined) return;
  }
}

/** Looks up the people of a batch who are not known yet. */
async function meet(
  { db }: Pick<Services, "db">,
  people: Map<string, Account>,
  batch: readonly GoalSummaryDocument[],
): Promise<void> {
  if (people.size > mostKept) people.clear();
  const ids = batch.flatMap(({ streamer_id, viewer_id }) => [
    streamer_id.toHexString(),
    viewer_id.toHexString(),
  ]);
  const unknown = new Set(ids.filter((id) => !people.has(id)));
  if (unknown.size === 0) return;
  for (const [id, account] of await findAccounts(db, unknown)) people.set(id, account);
}

function exported(summary: GoalSummaryDocument, people: ReadonlyMap<string, Account>): ExportedGoal {
  const streamer = people.get(summary.streamer_id.toHexString());
  const viewer = people.get(summary.viewer_id.toHexString());
  return {
    goal_id: summary._id.toHexString(),
    state: summary.outcome ?? summary.state,
    streamer_id: summary.streamer_id.toHexString(),
    streamer_name: streamer?.name ?? null,
    streamer_email: streamer?.email ?? null,
    viewer_id: summary.viewer_id.toHexString(),
    viewer_name: viewer?.name ?? null,
    viewer_email: viewer?.email ?? null,
    session_id: summary.session_id.toHexString(),
    invited: summary.created.toISOString(),
    ends: summary.exp.toISOString(),
    ended: summary.ended?.toISOString() ?? null,
    amount: decimal(summary.amount, summary.currency),
    currency: summary.currency,
    refund: summary.refund,
    refund_due: summary.refund_due?.toISOString() ?? null,
    money_moved: summary.resolved?.toISOString() ?? null,
    failed_receivers: receiversOf(summary, "failed").join(" "),
    late_receivers: receiversOf(summary, "late").join(" "),
  };
}

const receiversOf = ({ trouble = [] }: GoalSummaryDocument, kind: "failed" | "late") =>
  trouble.flatMap((one) => (one.startsWith(`${kind}:`) ? [one.slice(kind.length + 1) as ReceiverId] : []));

/** Whole minor units as people write them in that currency: 1200 is 12.00 in USD, 1200 in JPY. */
function decimal(amount: number, currency: string): string {
  const digits = digitsOf(currency);
  return (amount / 10 ** digits).toFixed(digits);
}

const known = new Map<string, number>();

/** How many digits a currency has behind the point; two where it is none that is known. */
function digitsOf(currency: string): number {
  const digits = known.get(currency) ?? (/^[A-Z]{3}$/.test(currency) ? lookUpDigits(currency) : 2);
  known.set(currency, digits);
  return digits;
}

const lookUpDigits = (currency: string) =>
  new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
