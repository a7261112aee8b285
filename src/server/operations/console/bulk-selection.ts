import type { BulkWhat, GoalFilter, Money } from "#src/contract/console.ts";
import { type ReceiverId, receiverIds } from "#src/contract/receivers.ts";
import { mostGoals, narrowed, receiversToRun } from "#src/domain/bulk.ts";
import type { GoalSummaryDocument } from "../../data/documents.ts";
import { summariesAfter, type SummaryPlace } from "../../data/goal-summaries.ts";
import type { Services } from "../../services.ts";
import { planOfFilter } from "./filter.ts";
import { understand } from "./filter-words.ts";

/** One goal that an action is to touch, with what was put into its escrow. */
export interface Selected extends Money {
  readonly goalId: string;
  readonly receivers: readonly ReceiverId[];
}

type Seen = Pick<GoalSummaryDocument, "outcome" | "cooldown" | "trouble"> & { readonly effects?: object };

/** The receivers of a goal that are to run again, by its summary. */
export const receiversOf = ({ outcome, cooldown, trouble, effects }: Seen, what: BulkWhat): ReceiverId[] =>
  receiversToRun(
    {
      outcome: outcome ?? null,
      // The cooldown is written right before the signal is sent; a run of a receiver proves that it was.
      signalled: cooldown !== undefined || Object.keys(effects ?? {}).length > 0,
      trouble: trouble ?? [],
    },
    what,
  );

/** What an action on these goals would touch; ends one goal beyond what an action may touch. */
export async function selectGoals(
  services: Services,
  filter: GoalFilter,
  what: BulkWhat,
): Promise<Selected[]> {
  const selected: Selected[] = [];
  const understood = await understand(services, filter);
  if (understood === null) return selected;
  for await (const summary of eachSummary(services, narrowed(understood, what))) {
    const receivers = receiversOf(summary, what);
    if (receivers.length === 0) continue;
    const { amount, currency } = summary;
    selected.push({ goalId: summary._id.toHexString(), receivers, amount, currency });
    if (selected.length > mostGoals) break;
  }
  return selected;
}

/** How many summaries are read at once: no single read takes long, however many there are. */
const readLength = 1_000;

/** Of a summary what a selection looks at: of its effects no more than whether there are any. */
const looks = Object.fromEntries(
  [
    "outcome",
    "cooldown",
    "trouble",
    "amount",
    "currency",
    "created",
    "ended",
    ...receiverIds.map((receiver) => `effects.${receiver}.status`),
  ].map((path) => [path, 1 as const]),
);

async function* eachSummary({ db }: Services, filter: GoalFilter): AsyncIterable<GoalSummaryDocument> {
  const plan = planOfFilter(filter);
  let after: SummaryPlace | null = null;
  for (;;) {
    const page: GoalSummaryDocument[] = await summariesAfter(db, plan, after)
      .limit(readLength)
      .project<GoalSummaryDocument>(looks)
      .toArray();
    yield* page;
    const last = page.at(-1);
    const value = last?.[plan.sort];
    if (last === undefined || value === undefined || page.length < readLength) return;
    after = { value, id: last._id };
  }
}
