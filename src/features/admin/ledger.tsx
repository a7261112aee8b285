"use client";

import { Table } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { GoalDetail } from "#src/server/operations/console/goal-page.ts";
import { Moment } from "../goals/moment.tsx";
import { useFormats } from "../i18n/use-formats.ts";
import { Empty } from "../shell/states.tsx";
import { WideTable } from "./wide-table.tsx";

/** Every transfer of the goal's escrow. */
export function Ledger({ transfers }: { transfers: GoalDetail["ledger"] }) {
  const t = useTranslations("admin");
  const formats = useFormats();
  if (transfers.length === 0) return <Empty title={t("no_ledger")} />;
  return (
    <WideTable label={t("ledger")} minWidth={1_000}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("transfer")}</Table.Th>
          <Table.Th>{t("debit")}</Table.Th>
          <Table.Th>{t("credit")}</Table.Th>
          <Table.Th>{t("amount")}</Table.Th>
          <Table.Th>{t("at")}</Table.Th>
          <Table.Th>{t("reason")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {transfers.map((transfer) => (
          <Table.Tr key={transfer.id} data-transfer={transfer.id}>
            {[transfer.id, transfer.debit, transfer.credit].map((text, place) => (
              <Table.Td key={place} ff="monospace" fz="xs" style={{ overflowWrap: "anywhere" }}>
                {text}
              </Table.Td>
            ))}
            <Table.Td>{formats.money(transfer.amount, transfer.currency)}</Table.Td>
            <Table.Td style={{ whiteSpace: "nowrap" }}>
              <Moment iso={new Date(transfer.at).toISOString()} exact />
            </Table.Td>
            <Table.Td>{transfer.reason}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  );
}
