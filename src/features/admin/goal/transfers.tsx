"use client";

import { Table } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { Transfer } from "#src/domain/ledger.ts";
import { Moment } from "../../goals/moment.tsx";
import { useFormats } from "../../i18n/use-formats.ts";
import { WideTable } from "../wide-table.tsx";
import classes from "./goal.module.css";

/** Transfers of the ledger, as they are written there. */
export function Transfers({ transfers, label }: { transfers: readonly Transfer[]; label: string }) {
  const t = useTranslations("console_goal");
  const formats = useFormats();
  return (
    <WideTable label={label} minWidth={1_000}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("transfer")}</Table.Th>
          <Table.Th>{t("debit")}</Table.Th>
          <Table.Th>{t("credit")}</Table.Th>
          <Table.Th ta="end">{t("amount")}</Table.Th>
          <Table.Th>{t("at")}</Table.Th>
          <Table.Th>{t("reason")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {transfers.map((transfer) => (
          <Table.Tr key={transfer.id} data-transfer={transfer.id}>
            {[transfer.id, transfer.debit, transfer.credit].map((text, place) => (
              <Table.Td key={place} className={classes["mono"] ?? ""}>
                {text}
              </Table.Td>
            ))}
            <Table.Td ta="end" fw={600}>
              {formats.money(transfer.amount, transfer.currency)}
            </Table.Td>
            <Table.Td className={classes["moment"] ?? ""}>
              <Moment iso={new Date(transfer.at).toISOString()} exact />
            </Table.Td>
            <Table.Td>{transfer.reason}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  );
}
