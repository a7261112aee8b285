"use client";

import { useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import type { GoalFilter } from "#src/contract/console.ts";
import { type GoalsAddress, goalsAddress, type GoalsView, readGoalsAddress } from "./filter-address.ts";

/** The filter and the view as the page's address has them, and the way to others; each step can be gone back. */
export function useGoalsAddress(): GoalsAddress & {
  readonly go: (filter: GoalFilter, view?: GoalsView) => void;
} {
  const query = useSearchParams();
  const address = useMemo(() => readGoalsAddress(query), [query]);
  const { view } = address;
  const go = useCallback(
    (filter: GoalFilter, to: GoalsView = view) => {
      const next = goalsAddress(filter, to);
      // Without asking the server for the page again: what is shown is read by itself.
      if (next !== `${window.location.pathname}${window.location.search}`)
        window.history.pushState(null, "", next);
    },
    [view],
  );
  return { ...address, go };
}
