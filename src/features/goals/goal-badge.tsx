"use client";

import { Badge } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { GoalView } from "#src/server/operations/goal-view.ts";

const colors: Record<GoalView["state"], string> = {
  pending: "blue",
  agreed: "green",
  declined: "red",
  expired: "gray",
  superseded: "gray",
};

/** How a goal stands, in one word. */
export function GoalBadge({ state }: { state: GoalView["state"] }) {
  const t = useTranslations("goal");
  return (
    <Badge variant="light" color={colors[state]} data-state={state}>
      {t(state)}
    </Badge>
  );
}
