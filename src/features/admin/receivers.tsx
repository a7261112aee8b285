"use client";

import { Badge, Table, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { ReceiverStatus } from "#src/contract/receivers.ts";
import type { ReceiverRunView } from "#src/server/operations/console/goal-page.ts";
import { Moment } from "../goals/moment.tsx";
import { useFormats } from "../i18n/use-formats.ts";
import { receiverRows } from "./receiver-rows.ts";
import { WideTable } from "./wide-table.tsx";

const colors: Record<ReceiverStatus, string> = {
  running: "blue",
  done: "green",
  returned: "gray",
  waiting: "yellow",
  failed: "red",
};

/** How each of the eleven receivers fared with the goal's signal. */
export function Receivers({ runs }: { runs: readonly ReceiverRunView[] }) {
  const t = useTranslations("admin");
  const formats = useFormats();
  return (
    <WideTable label={t("receivers")} minWidth={1_000}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("receiver")}</Table.Th>
          <Table.Th>{t("status")}</Table.Th>
          <Table.Th>{t("reason")}</Table.Th>
          <Table.Th>{t("attempt")}</Table.Th>
          <Table.Th>{t("started")}</Table.Th>
          <Table.Th>{t("took")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {receiverRows(runs).map(({ receiver, run }) => (
          <Table.Tr
            key={`${receiver} ${run?.event_id ?? ""}`}
            data-receiver={receiver}
            data-status={run?.status ?? "none"}
          >
            <Table.Td ff="monospace" fz="xs">
              {receiver}
            </Table.Td>
            {run === null ? (
              <Table.Td colSpan={5} c="dimmed">
                {t("not_run")}
              </Table.Td>
            ) : (
              <>
                <Table.Td>
                  <Badge variant="light" color={colors[run.status]}>
                    {t(`run_${run.status}`)}
                  </Badge>
                </Table.Td>
                <Table.Td>
                  <Text size="sm">{run.reason ?? ""}</Text>
                  {run.error !== null && (
                    <Text size="sm" c="red">
                      {run.error}
                    </Text>
                  )}
                </Table.Td>
                {/* The SDK counts from 0, people from 1. */}
                <Table.Td>{run.attempt + 1}</Table.Td>
                <Table.Td style={{ whiteSpace: "nowrap" }}>
                  <Moment iso={run.started} exact />
                </Table.Td>
                <Table.Td style={{ whiteSpace: "nowrap" }}>
                  {run.finished === null
                    ? ""
                    : formats.took(Date.parse(run.finished) - Date.parse(run.started))}
                </Table.Td>
              </>
            )}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  );
}
