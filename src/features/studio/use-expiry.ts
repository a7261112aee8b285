"use client";

import { useEffect, useEffectEvent, useMemo, useRef, useState } from "react";
import type { GoalView } from "#src/server/operations/goal-view.ts";
import { useNow } from "../shell/now.ts";
import { shownInvitations, timesUp } from "./expiry.ts";

const nothing: readonly GoalView[] = [];

/**
 * Follows the invitations by the clock as well as by readings: an invitation whose time runs out says so at that
 * moment, whoever reads or hints. `onMoment` is told whose time has become short, and whose has run out.
 */
export function useExpiry(
  reading: readonly GoalView[] | undefined,
  onMoment: (moment: { readonly short: readonly GoalView[]; readonly expired: readonly GoalView[] }) => void,
) {
  const now = useNow() ?? 0;
  const current = reading ?? nothing;
  const [last, setLast] = useState<readonly GoalView[]>(nothing);
  const next = shownInvitations(last, current, now);
  const isSame = next.length === last.length && next.every((view, place) => view === last[place]);
  if (!isSame) setLast(next);
  // The same array while the same is shown: what depends on it is not drawn every second.
  const shown = isSame ? last : next;
  const times = useMemo(() => timesUp(shown, now), [shown, now]);

  const told = useRef(times);
  const tell = useEffectEvent((is: typeof times) => {
    const was = told.current;
    told.current = is;
    const came = (ids: ReadonlySet<string>, before: ReadonlySet<string>) =>
      shown.filter(({ goal_id }) => ids.has(goal_id) && !before.has(goal_id));
    const moment = { short: came(is.short, was.short), expired: came(is.expired, was.expired) };
    if (moment.short.length + moment.expired.length > 0) onMoment(moment);
  });
  useEffect(() => tell(times), [times]);

  return { shown, expired: times.expired };
}
