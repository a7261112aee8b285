"use client";

import { Text } from "@mantine/core";
import { formatClock } from "../i18n/formats.ts";
import { useNow } from "../shell/now.ts";

/** What is left until a point in time, ticking. Not announced: it would not stop talking. */
export function Clock({ until, label }: { until: string; label: string }) {
  const now = useNow();
  return (
    <Text
      span
      inherit
      role="timer"
      aria-live="off"
      aria-label={label}
      fw={700}
      style={{ fontVariantNumeric: "tabular-nums", whiteSpace: "nowrap" }}
    >
      {now === null ? "" : formatClock(Date.parse(until) - now)}
    </Text>
  );
}
