"use client";

import { Button, Stack, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { EffectId } from "#src/contract/console.ts";
import { EffectName } from "../actions/effect-name.tsx";
import { changeFilter } from "../goals/filter-address.ts";
import type { Ways } from "../goals/goal-head.tsx";
import { receiverOf } from "./cell.ts";

/** A column's full name; pressed, what can be done with all of it. */
export function ColumnCard({
  effect,
  pinned,
  ways,
  onColumn,
}: {
  effect: EffectId;
  pinned: boolean;
  ways: Ways;
  onColumn: () => void;
}) {
  const t = useTranslations("console_goals");
  const receiver = receiverOf(effect);
  return (
    <Stack gap="xs">
      <Text component="div" size="sm" fw={600}>
        <EffectName effect={effect} />
      </Text>
      {receiver !== effect && (
        <Text size="xs" c="dimmed">
          {t("task_column")}
        </Text>
      )}
      {pinned && (
        <>
          <Button size="sm" data-autofocus onClick={onColumn}>
            {t("retry_column")}
          </Button>
          <Button
            size="sm"
            variant="default"
            onClick={() => ways.go(changeFilter(ways.filter, { trouble: "any", receiver }))}
          >
            {t("only_trouble")}
          </Button>
        </>
      )}
    </Stack>
  );
}
