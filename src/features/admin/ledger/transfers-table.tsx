"use client";

import { Anchor, Table, Text } from "@mantine/core";
import { useLocale, useTranslations } from "next-intl";
import Link from "next/link";
import type { Transfer } from "#src/domain/ledger.ts";
import { Moment } from "../../goals/moment.tsx";
import { anyMoney } from "../frame/any-money.ts";
import { WideTable } from "../wide-table.tsx";
import { AccountLink } from "./account-link.tsx";
import { goalOfEscrow } from "./account.ts";
import classes from "./ledger.module.css";

const knownReasons = ["prepayment", "refund", "payout"] as const;

/** Transfers as the ledger has them, each with its accounts and, where it is not the page's own, its goal. */
export function TransfersTable({
  transfers,
  withGoal = true,
}: {
  transfers: readonly Transfer[];
  withGoal?: boolean;
}) {
  const t = useTranslations("console_ledger");
  const locale = useLocale();
  return (
    <WideTable label={t("transfers")} minWidth={withGoal ? 1_000 : 860}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("at")}</Table.Th>
          <Table.Th>{t("from")}</Table.Th>
          <Table.Th>{t("to")}</Table.Th>
          <Table.Th ta="end">{t("amount")}</Table.Th>
          <Table.Th>{t("reason")}</Table.Th>
          {withGoal && <Table.Th>{t("goal")}</Table.Th>}
          <Table.Th>{t("transfer")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {transfers.map((transfer) => {
          const goalId = goalOfEscrow(transfer.escrowId);
          const reason = knownReasons.find((known) => known === transfer.reason);
          return (
            <Table.Tr key={transfer.id} data-transfer={transfer.id}>
              <Table.Td className={classes["nowrap"] ?? ""}>
                <Moment iso={new Date(transfer.at).toISOString()} exact />
              </Table.Td>
              <Table.Td>
                <AccountLink name={transfer.debit} />
              </Table.Td>
              <Table.Td>
                <AccountLink name={transfer.credit} />
              </Table.Td>
              <Table.Td ta="end" fw={600} className={classes["number"] ?? ""}>
                {anyMoney(locale, transfer.amount, transfer.currency)}
              </Table.Td>
              <Table.Td>{reason === undefined ? transfer.reason : t(`reason_${reason}`)}</Table.Td>
              {withGoal && (
                <Table.Td>
                  {goalId === null ? (
                    <span className={classes["id"]}>{transfer.escrowId}</span>
                  ) : (
                    <Anchor
                      component={Link}
                      href={`/admin/goals/${goalId}`}
                      prefetch={false}
                      className={classes["id"] ?? ""}
                    >
                      {goalId}
                    </Anchor>
                  )}
                </Table.Td>
              )}
              <Table.Td>
                <Text span size="xs" c="dimmed" className={classes["id"] ?? ""}>
                  {transfer.id}
                </Text>
              </Table.Td>
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </WideTable>
  );
}
