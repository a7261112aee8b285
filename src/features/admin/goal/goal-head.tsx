"use client";

import { Anchor, Badge, Group, Title } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { GoalAction } from "#src/contract/console.ts";
import { GoalBadge } from "../../goals/goal-badge.tsx";
import { Money } from "../../goals/money.tsx";
import { ActionsMenu } from "./actions-menu.tsx";
import type { Detail } from "./goal-types.ts";
import { failedReceivers } from "./lanes.ts";
import classes from "./goal.module.css";

const parts = ["waterfall", "ledger", "session", "pushes", "audit", "documents"] as const;

/** Whose goal it is, how it stands, what is wrong with it and what can be done; and the ways to the page's parts. */
export function GoalHead({ detail, onAct }: { detail: Detail; onAct: (action: GoalAction) => void }) {
  const t = useTranslations("console_goal");
  const { view } = detail;
  const failed = failedReceivers(detail.timeline.bars);
  const isLate = detail.effects.some(({ late }) => late);
  return (
    <header className={classes["head"]}>
      <div className={classes["titles"]}>
        <Group gap="sm">
          <Title order={1}>{t("people", { viewer: view.viewer.name, streamer: view.streamer.name })}</Title>
          <GoalBadge state={view.state} />
          {failed.length > 0 && (
            <Badge variant="filled" color="red" data-trouble="failed">
              {t("failed_count", { count: failed.length })}
            </Badge>
          )}
          {isLate && (
            <Badge variant="light" color="yellow" data-trouble="late">
              {t("late")}
            </Badge>
          )}
          {detail.held_back !== null && (
            <Badge variant="light" color="yellow" data-trouble="held">
              {t("held_back_badge")}
            </Badge>
          )}
        </Group>
        <Money view={view} size="lg" />
      </div>
      <ActionsMenu detail={detail} failed={failed} onAct={onAct} />
      <nav aria-label={t("parts")} className={classes["parts"]}>
        {parts.map((part) => (
          <Anchor key={part} href={`#${part}`}>
            {t(`part_${part}`)}
          </Anchor>
        ))}
      </nav>
    </header>
  );
}
