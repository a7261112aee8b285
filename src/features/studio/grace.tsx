"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { grace_ms } from "./declines.ts";
import classes from "./studio.module.css";
import { useSecondsLeft } from "./time-left.tsx";

/** How long a decline can still be taken back: a bar that runs out, and the seconds. */
export function Grace({ until }: { until: number }) {
  const t = useTranslations("studio");
  const whole = grace_ms / 1_000;
  // The page's clock ticks once a second, and may be a moment behind the click.
  const seconds = Math.min(useSecondsLeft(until) ?? whole, whole);
  const [begun_ms] = useState(() => Math.max(0, Date.now() - (until - grace_ms)));
  return (
    <p className={classes["said"]}>
      <span>{t("goes_out_in", { seconds })}</span>
      <span className={classes["grace"]} aria-hidden="true">
        <span style={{ animationDelay: `-${begun_ms}ms` }} />
      </span>
    </p>
  );
}
