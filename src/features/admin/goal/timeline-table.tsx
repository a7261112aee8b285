"use client";

import { Button, Table, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { GoalAction } from "#src/contract/console.ts";
import { Moment } from "../../goals/moment.tsx";
import { WideTable } from "../wide-table.tsx";
import { ReasonText } from "./reason-text.tsx";
import { RetryDrawing } from "./retry-drawing.tsx";
import type { Lane } from "./lanes.ts";
import { StatusMark } from "./status-mark.tsx";
import { useLaneWords } from "./use-lane-words.ts";
import classes from "./waterfall.module.css";

/** The same as the waterfall, as a table: for who hears the page, and for who copies from it. */
export function TimelineTable({
  lanes,
  onAct,
}: {
  lanes: readonly Lane[];
  onAct: (action: GoalAction) => void;
}) {
  const t = useTranslations("console_goal");
  return (
    <WideTable label={t("waterfall")} minWidth={1_000}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("what")}</Table.Th>
          <Table.Th>{t("status")}</Table.Th>
          <Table.Th>{t("started")}</Table.Th>
          <Table.Th>{t("took")}</Table.Th>
          <Table.Th>{t("attempts_fact")}</Table.Th>
          <Table.Th>{t("reason")}</Table.Th>
          <Table.Th>{t("actions")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {lanes.map((lane) => (
          <Line key={lane.key} lane={lane} onAct={onAct} />
        ))}
      </Table.Tbody>
    </WideTable>
  );
}

function Line({ lane, onAct }: { lane: Lane; onAct: (action: GoalAction) => void }) {
  const t = useTranslations("console_goal");
  const words = useLaneWords(lane);
  const { bar, receiver } = lane;
  return (
    <Table.Tr data-bar={lane.name} data-receiver={receiver ?? undefined} data-status={bar?.status ?? "none"}>
      <Table.Th scope="row">
        {words.name}
        <Text size="xs" c="dimmed" ff="monospace" fw={400}>
          {lane.name}
        </Text>
      </Table.Th>
      <Table.Td>
        <span className={classes["standingCell"]}>
          <StatusMark status={bar?.status ?? "none"} />
          {words.status}
        </span>
      </Table.Td>
      <Table.Td className={classes["moment"] ?? ""}>
        {bar !== null && <Moment iso={bar.start} exact />}
      </Table.Td>
      <Table.Td className={classes["moment"] ?? ""}>{words.took}</Table.Td>
      <Table.Td>{bar?.attempts}</Table.Td>
      <Table.Td>
        {bar?.reason != null && <ReasonText reason={bar.reason} />}
        {bar?.error != null && <code className={classes["error"]}>{bar.error}</code>}
      </Table.Td>
      <Table.Td>
        {receiver !== null && (
          <Button
            size="sm"
            variant="subtle"
            leftSection={<RetryDrawing />}
            aria-label={t("retry_one", { effect: words.name })}
            onClick={() => onAct({ kind: "retry", receivers: [receiver] })}
          >
            {t("retry")}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
