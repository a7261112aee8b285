import { randomUUID } from "node:crypto";
import { goalIdOfEscrow } from "#src/contract/ids.ts";
import {
  addUp,
  balancesOf,
  type Breach,
  escrowBalances,
  judgeSums,
  judgeTransfers,
  newTally,
} from "#src/domain/conservation.ts";
import { late_ms } from "#src/domain/summary.ts";
import {
  abandonCheck,
  beginCheck,
  type CheckResult,
  type ConservationDocument,
  endCheck,
  hearOfCheck,
} from "../../data/conservation.ts";
import { escrowsDueBefore } from "../../data/due-refunds.ts";
import { walkComparedSummaries } from "../../data/escrow-goals.ts";
import {
  countTransfers,
  escrowsWrittenSince,
  transfersOfNoEscrow,
  walkLedger,
} from "../../data/ledger-walk.ts";
import type { Services } from "../../services.ts";
import { type Judge, judgeEscrows, judgeSummaries } from "./judge-escrows.ts";

/** A check that was not heard of for this long has died. */
export const silence_ms = 60_000;
const hearEvery_ms = 5_000;
/** How often the whole ledger is gone through, where it is not so small that every check does. */
const wholeEvery_ms = 3_600_000;
/** A ledger of fewer transfers is small. */
const smallLedger = 20_000;
/** What was written this long before the last check is looked at again: clocks differ, and writes take their time. */
const overlap_ms = 5 * 60_000;
/** How many breaches are kept, for the next check to look at again. */
const mostKept = 1_000;

/** What a check came to; `busy` when another one is under way. */
export type Checked =
  | { readonly kind: "busy" }
  | {
      readonly kind: "checked";
      readonly light: "green" | "red";
      readonly whole: boolean;
      readonly breaches: number;
    };

/** What one way of checking found. */
interface Findings {
  readonly breaches: readonly Breach[];
  readonly transfers: number;
  readonly balances?: CheckResult["balances"];
}

/**
 * Checks that all money is where it belongs, and sets the light: what was written since the last check, and what was
 * wrong then; or the whole ledger, once an hour, when asked to, and while it is small. A check that dies changes
 * nothing: the light stays as it was, and the next check begins again.
 */
export async function checkConservation(
  services: Services,
  { whole, small = smallLedger }: { whole: boolean; small?: number },
): Promise<Checked> {
  const { db, clock } = services;
  const id = randomUUID();
  const began = clock();
  const before = await beginCheck(db, {
    id,
    now: began,
    heardSince: new Date(began.getTime() - silence_ms),
  });
  if (before === null) return { kind: "busy" };
  try {
    const between = staysMine(services, id, began);
    const isWhole = whole || (await wantsWhole(services, before, began, small));
    const { breaches, transfers, balances } = isWhole
      ? await checkWhole(services, before, between)
      : await checkNew(services, before, between);
    const light = breaches.length === 0 ? "green" : "red";
    const ended = await endCheck(db, id, {
      light,
      checked: clock(),
      watermark: began,
      transfers,
      breaches: breaches.slice(0, mostKept),
      breach_count: breaches.length,
      breach_kinds: countKinds(breaches),
      ...(isWhole && { checked_whole: clock() }),
      ...(balances && { balances }),
    });
    if (!ended) return { kind: "busy" };
    await services.live.hintModerators([{ name: "ledger.checked", message: { light } }]);
    return { kind: "checked", light, whole: isWhole, breaches: breaches.length };
  } catch (error) {
    await abandonCheck(db, id).catch(() => undefined);
    throw error;
  }
}

/** To be awaited now and then while a check goes on. Throws once another check has taken over. */
function staysMine({ db, clock }: Services, id: string, began: Date): () => Promise<void> {
  let heard = began.getTime();
  return async () => {
    const now = clock();
    if (now.getTime() - heard < hearEvery_ms) return;
    heard = now.getTime();
    if (!(await hearOfCheck(db, id, now))) throw new Error("Another check of the ledger has taken over.");
  };
}

async function wantsWhole(
  { db }: Services,
  before: ConservationDocument,
  now: Date,
  small: number,
): Promise<boolean> {
  const { checked_whole, breaches = [], breach_count = 0, watermark } = before;
  if (checked_whole === undefined || watermark === undefined || breach_count > breaches.length) return true;
  return now.getTime() - checked_whole.getTime() >= wholeEvery_ms || (await countTransfers(db)) < small;
}

/** Looks at every escrow. Those that hold money, or look wrong in passing, are read again and judged with their goals. */
async function checkWhole(
  judge: Judge,
  before: ConservationDocument,
  between: () => Promise<void>,
): Promise<Findings> {
  const { db } = judge;
  const tally = newTally();
  const holding = new Map<string, number>();
  const suspects = new Set(escrowsOf(before));
  const nameless = await transfersOfNoEscrow(db);
  addUp(tally, nameless);
  let transfers = nameless.length;
  for await (const batch of walkLedger(db)) {
    for (const [escrowId, own] of batch) {
      transfers += own.length;
      addUp(tally, own);
      const total = [...escrowBalances(escrowId, own).values()].reduce((sum, amount) => sum + amount, 0);
      if (goalIdOfEscrow(escrowId) !== null && total !== 0) holding.set(escrowId, total);
      if (total !== 0 || judgeTransfers(escrowId, own).length > 0) suspects.add(escrowId);
    }
    await between();
  }
  const differing = await compareWithSummaries(judge, holding, between);
  const breaches = await judgeEscrows(judge, [...suspects, ...differing], between);
  const wrong = new Set(breaches.map(({ escrow_id }) => escrow_id));
  const unexplained = differing.filter((escrowId) => !wrong.has(escrowId)).map(goalIdOfEscrow);
  const balances = balancesOf(tally);
  return {
    transfers,
    balances,
    breaches: inOrder([
      ...judgeSums(balances),
      ...judgeTransfers("", nameless),
      ...breaches,
      ...(await judgeSummaries(
        judge,
        unexplained.filter((id) => id !== null),
        between,
      )),
    ]),
  };
}

/** The escrows of which the summaries say something else than the ledger did: it may have changed since. */
async function compareWithSummaries(
  { db }: Judge,
  holding: ReadonlyMap<string, number>,
  between: () => Promise<void>,
): Promise<string[]> {
  const unseen = new Map(holding);
  const differing: string[] = [];
  for await (const batch of walkComparedSummaries(db)) {
    for (const { escrowId, amount } of batch) {
      if (unseen.get(escrowId) !== amount) differing.push(escrowId);
      unseen.delete(escrowId);
    }
    await between();
  }
  return [...new Set([...differing, ...unseen.keys()])];
}

/** Looks at the escrows that were written to since the last check, at those that were wrong, and at refunds that are due. */
async function checkNew(
  judge: Judge,
  before: ConservationDocument,
  between: () => Promise<void>,
): Promise<Findings> {
  const { db, clock } = judge;
  const since = new Date((before.watermark?.getTime() ?? 0) - overlap_ms);
  const written = await escrowsWrittenSince(db, since);
  const due = await escrowsDueBefore(db, new Date(clock().getTime() - late_ms));
  const breaches = await judgeEscrows(judge, [...written, ...due, ...escrowsOf(before)], between);
  const wrong = new Set(breaches.map(({ escrow_id }) => escrow_id));
  const unexplained = (before.breaches ?? []).flatMap(({ kind, goal_id, escrow_id }) =>
    kind === "sums_differ" && goal_id !== null && !wrong.has(escrow_id) ? [goal_id] : [],
  );
  return {
    transfers: await countTransfers(db),
    breaches: inOrder([
      // Only a look at the whole ledger says that its sums agree again.
      ...(before.breaches ?? []).filter(
        ({ kind, escrow_id }) => kind === "sums_differ" && escrow_id === null,
      ),
      ...judgeTransfers("", await transfersOfNoEscrow(db)),
      ...breaches,
      ...(await judgeSummaries(judge, [...new Set(unexplained)], between)),
    ]),
  };
}

const escrowsOf = ({ breaches = [] }: ConservationDocument) =>
  breaches.map(({ escrow_id }) => escrow_id).filter((id) => id !== null);

/** The oldest first; what has no time of its own concerns everything, and comes before. */
const inOrder = (breaches: readonly Breach[]) => breaches.toSorted((a, b) => (a.since ?? 0) - (b.since ?? 0));

function countKinds(breaches: readonly Breach[]): CheckResult["breach_kinds"] {
  const byKind = Map.groupBy(breaches, ({ kind }) => kind);
  return Object.fromEntries([...byKind].map(([kind, found]) => [kind, found.length]));
}
