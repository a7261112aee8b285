"use client";

import { Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { memo } from "react";
import type { GoalView } from "#src/server/operations/goal-view.ts";
import { GoalBadge } from "../goals/goal-badge.tsx";
import { Moment } from "../goals/moment.tsx";
import { Money } from "../goals/money.tsx";
import { useFormats } from "../i18n/use-formats.ts";
import { Empty } from "../shell/states.tsx";
import classes from "./studio.module.css";

/** What has become of today's invitations, and of their money. */
export const History = memo(function History({ goals }: { goals: readonly GoalView[] }) {
  const t = useTranslations("studio");
  const formats = useFormats();
  if (goals.length === 0) return <Empty title={t("no_history")}>{t("no_history_help")}</Empty>;
  return (
    <ul className={classes["rows"]} aria-label={t("history")}>
      {goals.map((view) => (
        <li key={view.goal_id} className={classes["row"]} data-goal={view.goal_id}>
          <div>
            <Text fw={600}>{view.viewer.name}</Text>
            <GoalBadge state={view.state} />
            <Text size="sm" c="dimmed">
              {formats.minutes(view.prepaid_duration_s)}
            </Text>
            <Text size="sm" c="dimmed">
              <Moment iso={view.ended ?? view.exp} />
            </Text>
          </div>
          <Money view={view} />
        </li>
      ))}
    </ul>
  );
});
