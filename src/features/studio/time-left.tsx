"use client";

import { useFormatter } from "next-intl";
import { formatClock } from "../i18n/formats.ts";
import { useNow } from "../shell/now.ts";
import classes from "./studio.module.css";

const day_ms = 86_400_000;
/** From here on an end is near. */
const soon_ms = 60_000;

/** What is left until a point in time, ticking; whole days in words. Not announced: it would not stop talking. */
export function TimeLeft({ until, label }: { until: string; label: string }) {
  const now = useNow();
  const format = useFormatter();
  const left_ms = now === null ? null : Math.max(0, Date.parse(until) - now);
  return (
    <span
      role="timer"
      aria-live="off"
      aria-label={label}
      className={left_ms !== null && left_ms <= soon_ms ? classes["soon"] : undefined}
    >
      {left_ms === null ? "\u00a0" : words(left_ms)}
    </span>
  );

  function words(ms: number): string {
    const days = Math.floor(ms / day_ms);
    if (days === 0) return formatClock(ms);
    const unit = { style: "unit", unit: "day", unitDisplay: "long" } as const;
    return `${format.number(days, unit)} ${formatClock(ms % day_ms)}`;
  }
}

/** The whole seconds left until a point in time (milliseconds since the epoch), never less than one. */
export function useSecondsLeft(until: number): number | null {
  const now = useNow();
  return now === null ? null : Math.max(1, Math.ceil((until - now) / 1_000));
}
