"use client";

import { Group, Paper, Stack, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { GoalView } from "#src/server/operations/goal-view.ts";
import { GoalBadge } from "../goals/goal-badge.tsx";
import { Moment } from "../goals/moment.tsx";
import { Money } from "../goals/money.tsx";
import { useFormats } from "../i18n/use-formats.ts";
import { Empty } from "../shell/states.tsx";

/** What has become of earlier invitations, and of their money. */
export function History({ goals }: { goals: readonly GoalView[] }) {
  const t = useTranslations("studio");
  const formats = useFormats();
  if (goals.length === 0) return <Empty title={t("no_history")} />;
  return (
    <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: "none" }} aria-label={t("history")}>
      {goals.map((view) => (
        <Paper key={view.goal_id} component="li" withBorder p="sm" data-goal={view.goal_id}>
          <Group justify="space-between" gap="xs">
            <Group gap="xs">
              <Text fw={600}>{view.viewer.name}</Text>
              <GoalBadge state={view.state} />
              <Text size="sm" c="dimmed">
                {formats.minutes(view.prepaid_duration_s)}
              </Text>
              {view.ended !== null && (
                <Text size="sm" c="dimmed">
                  <Moment iso={view.ended} />
                </Text>
              )}
            </Group>
            <Money view={view} />
          </Group>
        </Paper>
      ))}
    </Stack>
  );
}
