"use client";

import { Table } from "@mantine/core";
import { useTranslations } from "next-intl";
import { Moment } from "../../goals/moment.tsx";
import { Empty } from "../../shell/states.tsx";
import { WideTable } from "../wide-table.tsx";
import type { Detail } from "./goal-types.ts";
import classes from "./goal.module.css";

/** The live messages that the goal's receivers sent. */
export function Pushes({ pushes }: { pushes: Detail["pushes"] }) {
  const t = useTranslations("console_goal");
  if (pushes.length === 0) return <Empty title={t("no_pushes")}>{t("no_pushes_help")}</Empty>;
  return (
    <WideTable label={t("pushes")} minWidth={560}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("push_event")}</Table.Th>
          <Table.Th>{t("push_channel")}</Table.Th>
          <Table.Th>{t("at")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {pushes.map(({ channel, event, at }) => (
          <Table.Tr key={`${at} ${channel} ${event}`} data-push={channel}>
            <Table.Td className={classes["mono"] ?? ""}>{event}</Table.Td>
            <Table.Td className={classes["mono"] ?? ""}>{channel}</Table.Td>
            <Table.Td className={classes["moment"] ?? ""}>
              <Moment iso={at} exact />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  );
}
