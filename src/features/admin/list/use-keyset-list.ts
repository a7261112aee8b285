"use client";

import {
  type InfiniteData,
  type QueryKey,
  useInfiniteQuery,
  type UseInfiniteQueryOptions,
  useQueryClient,
} from "@tanstack/react-query";
import { type ClientProblem, problemOf } from "../../api/problem.ts";
import { type Hints, useNet } from "../../live/use-live-query.ts";
import { useHints } from "./use-hints.ts";

/** Between two reads of a list, whatever hints come: all of its pages are read each time. */
const gap_ms = 1_000;

/** A list that is read a page at a time: its rows, and what a page says of how the reading goes. */
export interface KeysetList<Row> {
  /** Undefined until the first page has come. */
  readonly rows: readonly Row[] | undefined;
  readonly problem: ClientProblem | null;
  /** Another filter's rows are still shown while its own are on their way. */
  readonly isOld: boolean;
  readonly isFetching: boolean;
  readonly hasMore: boolean;
  readonly isFetchingMore: boolean;
  readonly more: () => Promise<unknown>;
  readonly readAgain: () => void;
}

/**
 * Reads a list of the console, and keeps it as fresh as its channels allow. `options` are tRPC's
 * `infiniteQueryOptions(input, { getNextPageParam: ({ next }) => next })`; `rowsOf` finds the rows in a page. Of the
 * rows of two pages that are the same, by `keyOf`, the first counts: between two readings one may have moved on.
 */
export function useKeysetList<Page, Row, E, Key extends QueryKey, Cursor>(
  options: UseInfiniteQueryOptions<Page, E, InfiniteData<Page, Cursor>, Key, Cursor> & {
    readonly queryKey: Key;
  },
  hints: Hints,
  rowsOf: (page: Page) => readonly Row[],
  keyOf: (row: Row) => string,
): KeysetList<Row> {
  const queryClient = useQueryClient();
  const readAgain = () => queryClient.invalidateQueries({ queryKey: options.queryKey });
  useHints(readAgain, hints, gap_ms);
  const query = useInfiniteQuery({
    ...options,
    placeholderData: (before) => before,
    refetchInterval: useNet(),
  });
  const all = query.data?.pages.flatMap((page) => rowsOf(page));
  return {
    rows: all && [...new Map(all.toReversed().map((row) => [keyOf(row), row])).values()].toReversed(),
    problem: query.error === null ? null : problemOf(query.error),
    isOld: query.isPlaceholderData,
    isFetching: query.isFetching,
    hasMore: query.hasNextPage,
    isFetchingMore: query.isFetchingNextPage,
    more: () => query.fetchNextPage(),
    readAgain: () => void readAgain(),
  };
}
