"use client";

import { Badge } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { LiveState } from "./client.ts";
import { useLiveState } from "./live-provider.tsx";

const colors: Record<LiveState, string> = {
  connecting: "gray",
  live: "green",
  reconnecting: "yellow",
  polling: "yellow",
  offline: "red",
};

/** Says whether the page follows what happens, and says it politely to who cannot see it. */
export function LiveBadge() {
  const t = useTranslations("live");
  const state = useLiveState();
  return (
    <Badge
      component="output"
      aria-label={t("label")}
      title={t(`${state}_help`)}
      variant="dot"
      color={colors[state]}
      data-live={state}
    >
      {t(state)}
    </Badge>
  );
}
