"use client";

import { Box, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { Failed, Loading, Stale } from "../../shell/states.tsx";
import { MoreButton } from "./more-button.tsx";
import type { KeysetList } from "./use-keyset-list.ts";

/** A list in each of its states: loading, failed, empty, old, or its rows with the way to more of them. */
export function ListStates<Row>({
  list,
  empty,
  rowHeight = 56,
  children,
}: {
  list: KeysetList<Row>;
  /** What to show when there is nothing: an `Empty` that says what would change that. */
  empty: ReactNode;
  rowHeight?: number;
  children: (rows: readonly Row[]) => ReactNode;
}) {
  const { rows, problem, isFetching, readAgain } = list;
  if (rows === undefined) {
    return problem === null ? (
      <Loading rows={6} height={rowHeight} />
    ) : (
      <Failed problem={problem} onRetry={readAgain} busy={isFetching} />
    );
  }
  return (
    <Stack gap="md">
      {problem !== null && <Stale problem={problem} onRetry={readAgain} busy={isFetching} />}
      {rows.length === 0 ? (
        empty
      ) : (
        <>
          <Box aria-busy={list.isOld} style={list.isOld ? { opacity: 0.6 } : {}}>
            {children(rows)}
          </Box>
          <MoreButton list={list} shown={rows.length} />
        </>
      )}
    </Stack>
  );
}
