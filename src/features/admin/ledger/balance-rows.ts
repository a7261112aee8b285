import type { Conservation } from "#src/server/operations/console/conservation.ts";

/** The balances of one currency, in whole minor units; `sum` is 0, or something is wrong. */
export interface BalanceRow {
  readonly currency: string;
  readonly viewers: number;
  readonly escrows: number;
  readonly streamers: number;
  readonly sum: number;
}

/** The balances by currency, in the order of the currencies' names; a kind without money in one has 0. */
export function balanceRows(balances: Conservation["balances"]): BalanceRow[] {
  const { viewers, escrows, streamers } = balances;
  const currencies = new Set([...viewers, ...escrows, ...streamers].map(({ currency }) => currency));
  const of = (list: Conservation["balances"]["viewers"], wanted: string) =>
    list.reduce((sum, { currency, amount }) => (currency === wanted ? sum + amount : sum), 0);
  return [...currencies].toSorted().map((currency) => {
    const row = {
      viewers: of(viewers, currency),
      escrows: of(escrows, currency),
      streamers: of(streamers, currency),
    };
    return { currency, ...row, sum: row.viewers + row.escrows + row.streamers };
  });
}
