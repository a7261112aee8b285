"use client";

import { useMemo } from "react";
import { useNow } from "../../shell/now.ts";
import type { Detail, TimelineBar } from "./goal-types.ts";
import { layOutTime, placeOf, type Stretch } from "./time-scale.ts";

/** Where a bar begins and ends on the axis, 0 to 1, and until when what waits will wait. */
export interface Extent {
  readonly from: number;
  readonly to: number;
  readonly until?: number;
}

export interface WaterfallTime {
  readonly stretches: readonly Stretch[];
  readonly extentOf: (bar: TimelineBar) => Extent;
}

/** The time axis of a goal's bars: it grows with the clock as long as one of them goes on. */
export function useWaterfallTime(
  bars: Detail["timeline"]["bars"],
  due: string | null,
  fold: boolean,
): WaterfallTime {
  const isOpen = bars.some(({ end }) => end === null);
  const ticking = useNow();
  const clock = isOpen ? ticking : null;
  return useMemo(() => {
    const known = bars.flatMap(({ start, end }) => [
      Date.parse(start),
      ...(end === null ? [] : [Date.parse(end)]),
    ]);
    // The reader's clock may be behind the server's: nothing ends before the latest that has been told.
    const now = isOpen ? Math.max(clock ?? 0, ...known) : null;
    const isWaiting = bars.some(({ status, end }) => status === "waiting" && end === null);
    const until = due !== null && isWaiting && now !== null && Date.parse(due) > now ? Date.parse(due) : null;
    const stretches = layOutTime(
      [...known, ...(now === null ? [] : [now]), ...(until === null ? [] : [until])],
      fold,
    );
    return {
      stretches,
      extentOf: ({ start, end, status }) => ({
        from: placeOf(stretches, Date.parse(start)),
        to: placeOf(stretches, end === null ? (now ?? Date.parse(start)) : Date.parse(end)),
        ...(end === null && status === "waiting" && until !== null && { until: placeOf(stretches, until) }),
      }),
    };
  }, [bars, due, fold, isOpen, clock]);
}
