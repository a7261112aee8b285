"use client";

import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState, useSyncExternalStore } from "react";
import { adminChannel } from "#src/contract/channels.ts";
import type { GoalFilter } from "#src/contract/console.ts";
import type { GoalRow } from "#src/server/operations/console/goal-list.ts";
import { useTRPC } from "../../api/api-provider.tsx";
import { type ClientProblem, problemOf } from "../../api/problem.ts";
import { useLiveClient } from "../../live/live-provider.tsx";
import { createReader } from "../../live/reader.ts";
import { useNet } from "../../live/use-live-query.ts";
import { orderOf, writeGoalFilter } from "./filter-address.ts";
import { layNext, layPage, layRow, pagesOf, shownOf } from "./row-list.ts";
import { createRowsStore } from "./rows-store.ts";

const pageLength = 50;
/** Between two readings, whatever hints come: somewhere a goal changes all the time. */
const gap_ms = 1_000;
/** Goals that left the filter are followed one by one, so many at a time, and no more than these at once. */
const followed = 20;
const mostFollowed = 60;

/** The goals that a filter matches, as far as they have been read, and how the reading goes. */
export interface GoalRows {
  /** Undefined until the first answer. */
  readonly rows: readonly GoalRow[] | undefined;
  /** So many new goals wait above the first row; `gap`: at least so many. */
  readonly waiting: number;
  readonly gap: boolean;
  /** Goals among the rows that the filter no longer matches. */
  readonly left: ReadonlySet<string>;
  /** What `q` was taken for; undefined until the answer, null when nobody and nothing is known by it. */
  readonly understood: GoalFilter | null | undefined;
  readonly problem: ClientProblem | null;
  /** The rows are another filter's still. */
  readonly isOld: boolean;
  readonly isFetching: boolean;
  readonly hasMore: boolean;
  readonly isFetchingMore: boolean;
  readonly more: () => Promise<unknown>;
  readonly readAgain: () => void;
  readonly showWaiting: () => void;
}

/**
 * Reads the goals that the filter matches and keeps them fresh, calmly: hints make it read the first page, and those
 * pages that hold the goals in question. While `isReading()`, new goals wait above.
 */
export function useGoalRows(filter: GoalFilter, isReading: () => boolean): GoalRows {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const client = useLiveClient();
  const [store] = useState(createRowsStore);
  const state = useSyncExternalStore(store.watch, store.get, store.get);
  const [moreProblem, setMoreProblem] = useState<ClientProblem | null>(null);
  const [isFetchingMore, setFetchingMore] = useState(false);

  const of = writeGoalFilter(filter);
  const sort = orderOf(filter);
  const list = trpc.admin.goals.list;
  const options = list.queryOptions({ filter, limit: pageLength });
  const query = useQuery({ ...options, placeholderData: keepPreviousData, refetchInterval: useNet() });
  const head = query.isPlaceholderData ? undefined : query.data;

  /** Reads those that have just left the filter once more, so that one sees why. */
  async function follow(ids: readonly string[]): Promise<void> {
    for (let place = 0; place < Math.min(ids.length, mostFollowed); place += followed) {
      await Promise.all(
        ids.slice(place, place + followed).map(async (id) => {
          const { goals } = await queryClient.fetchQuery(
            list.queryOptions({ filter: { q: id }, limit: 1 }, { gcTime: 0 }),
          );
          const now = goals.find(({ goal_id }) => goal_id === id) ?? null;
          store.change(of, (before) => layRow(before, id, now));
        }),
      );
    }
  }

  const layHead = useEffectEvent((page: NonNullable<typeof head>) => {
    if (store.get().of === of) {
      const gone = store.change(of, (before) => layPage(before, sort, null, page, isReading()));
      // What could not be followed stays as it was last seen, and marked.
      follow(gone).catch(() => {});
    } else {
      store.begin(of, (before) => layPage(before, sort, null, page, false));
    }
  });
  useEffect(() => {
    if (head !== undefined) layHead(head);
  }, [head]);

  /** Reads the first page, and every other that holds one of these goals; null: every page. */
  const readHeard = useEffectEvent(async (heard: ReadonlySet<string> | null) => {
    void queryClient.invalidateQueries({ queryKey: trpc.admin.goals.count.queryKey({ filter }) });
    await queryClient.invalidateQueries({ queryKey: options.queryKey });
    if (store.get().of !== of) return;
    const before = store.get().list;
    const pages = heard === null ? before.starts : pagesOf(before, sort, heard);
    try {
      for (const start of pages) {
        if (start === null) continue;
        const page = await queryClient.fetchQuery(
          list.queryOptions({ filter, limit: pageLength, cursor: start.cursor }, { gcTime: 0 }),
        );
        await follow(store.change(of, (known) => layPage(known, sort, start, page, false)));
      }
      const { left } = store.get().list;
      await follow([...left].filter((id) => heard === null || heard.has(id)));
    } catch {
      // The first page says what the matter is; the next hint reads again.
    }
  });

  useEffect(() => {
    let heard = new Set<string>();
    let all = false;
    const reader = createReader(async () => {
      const now = all ? null : heard;
      heard = new Set();
      all = false;
      await readHeard(now);
    }, gap_ms);
    const everything = () => {
      all = true;
      reader.request();
    };
    const release = client.listen(adminChannel, (event, data) => {
      if (event === "pusher:subscription_succeeded") everything();
      if (event !== "goal.updated" && event !== "receiver.updated") return;
      if (typeof data === "object" && data !== null && "goal_id" in data && typeof data.goal_id === "string")
        heard.add(data.goal_id);
      reader.request();
    });
    const returns = ["focus", "online", "pageshow"] as const;
    for (const way of returns) window.addEventListener(way, everything);
    return () => {
      for (const way of returns) window.removeEventListener(way, everything);
      reader.stop();
      release();
    };
  }, [client]);

  async function more(): Promise<void> {
    const { next } = store.get().list;
    if (next === null || isFetchingMore || state.of !== of) return;
    setFetchingMore(true);
    try {
      const page = await queryClient.fetchQuery(
        list.queryOptions({ filter, limit: pageLength, cursor: next }, { gcTime: 0 }),
      );
      store.change(of, (before) => layNext(before, sort, next, page));
      setMoreProblem(null);
    } catch (error) {
      setMoreProblem(problemOf(error));
    }
    setFetchingMore(false);
  }

  const shown = shownOf(state.list, sort);
  return {
    rows: state.of === null ? undefined : shown.rows,
    waiting: shown.waiting,
    gap: state.list.gap,
    left: state.list.left,
    understood: head === undefined ? undefined : head.understood,
    problem: query.error === null ? moreProblem : problemOf(query.error),
    isOld: state.of !== of,
    isFetching: query.isFetching,
    hasMore: state.list.next !== null,
    isFetchingMore,
    more,
    readAgain: () => void readAgain(),
    showWaiting: () =>
      void store.change(of, (before) =>
        before.gap && head !== undefined
          ? layPage(before, sort, null, head, false)
          : { ...before, top: null },
      ),
  };

  function readAgain(): Promise<unknown> {
    setMoreProblem(null);
    return queryClient.invalidateQueries({ queryKey: options.queryKey });
  }
}
