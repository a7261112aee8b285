import { emptyList, type RowList } from "./row-list.ts";

/** What a page has of the goals that one filter matches; `of` is the filter's address, null before the first answer. */
interface RowsState {
  readonly of: string | null;
  readonly list: RowList;
}

/** Keeps the goals that a page has read, outside of React: several readings end at their own times. */
export interface RowsStore {
  readonly get: () => RowsState;
  /** Begins anew with another filter's goals, or changes the list of this one. */
  readonly begin: (of: string, change: (list: RowList) => RowList) => void;
  /** Changes the list, unless another filter's has taken its place. Answers which goals have left the filter by it. */
  readonly change: (of: string, change: (list: RowList) => RowList) => readonly string[];
  readonly watch: (changed: () => void) => () => void;
}

export function createRowsStore(): RowsStore {
  let state: RowsState = { of: null, list: emptyList };
  const watchers = new Set<() => void>();
  function set(next: RowsState): void {
    state = next;
    for (const changed of watchers) changed();
  }
  return {
    get: () => state,
    begin(of, change) {
      set({ of, list: change(state.of === of ? state.list : emptyList) });
    },
    change(of, change) {
      if (state.of !== of) return [];
      const before = state.list.left;
      set({ of, list: change(state.list) });
      return [...state.list.left].filter((id) => !before.has(id));
    },
    watch(changed) {
      watchers.add(changed);
      return () => void watchers.delete(changed);
    },
  };
}
