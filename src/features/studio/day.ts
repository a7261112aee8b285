"use client";

import { useEffect, useState } from "react";

/** Where the day of `now` begins, by the reader's clock and zone. */
function dayStart(now: Date): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate());
}

/** Where today begins, in ISO 8601; another day begins while the page is open, too. */
export function useDayStart(): string {
  const [start, setStart] = useState(() => dayStart(new Date()).toISOString());
  useEffect(() => {
    const begun = new Date(start);
    const next = new Date(begun.getFullYear(), begun.getMonth(), begun.getDate() + 1);
    const timer = setTimeout(
      () => setStart(dayStart(new Date()).toISOString()),
      Math.max(1_000, next.getTime() - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [start]);
  return start;
}
