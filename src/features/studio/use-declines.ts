"use client";

import { useCallback, useState } from "react";
import { type DeclineState, sendDecline } from "./decline.ts";

/** The declines of this page by goal, and how to begin one. `settled` is called after each answer. */
export function useDeclines(settled: () => void) {
  const [states, setStates] = useState<ReadonlyMap<string, DeclineState>>(new Map());
  const decline = useCallback(
    async (goalId: string) => {
      const note = (state: DeclineState) => setStates((before) => new Map(before).set(goalId, state));
      note({ kind: "sending" });
      note(await sendDecline(goalId));
      settled();
    },
    [settled],
  );
  return { states, decline };
}
