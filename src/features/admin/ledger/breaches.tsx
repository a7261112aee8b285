"use client";

import { Anchor, Table, Text } from "@mantine/core";
import { useLocale, useTranslations } from "next-intl";
import Link from "next/link";
import type { Breach } from "#src/server/operations/console/conservation.ts";
import { Moment } from "../../goals/moment.tsx";
import { anyMoney } from "../frame/any-money.ts";
import { breachKey, breachWords } from "../frame/breach-words.ts";
import { WideTable } from "../wide-table.tsx";
import classes from "./ledger.module.css";

/** What must never be and is, with the ids by which to find it. */
export function Breaches({ breaches, count }: { breaches: readonly Breach[]; count: number }) {
  const t = useTranslations("console_ledger");
  const common = useTranslations("console");
  const locale = useLocale();
  return (
    <div className={classes["part"]}>
      <WideTable label={t("breaches")} minWidth={760}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("breach")}</Table.Th>
            <Table.Th ta="end">{t("amount")}</Table.Th>
            <Table.Th>{t("goal")}</Table.Th>
            <Table.Th>{t("escrow")}</Table.Th>
            <Table.Th>{t("since")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {breaches.map((breach) => (
            <Table.Tr key={breachKey(breach)} data-breach={breach.kind}>
              <Table.Td fw={600} className={classes["nowrap"] ?? ""}>
                {common(breachWords[breach.kind])}
              </Table.Td>
              <Table.Td ta="end" className={classes["number"] ?? ""}>
                {anyMoney(locale, breach.amount, breach.currency)}
              </Table.Td>
              <Table.Td>
                {breach.goal_id === null ? (
                  "–"
                ) : (
                  <Anchor
                    component={Link}
                    href={`/admin/goals/${breach.goal_id}`}
                    prefetch={false}
                    className={classes["id"] ?? ""}
                  >
                    {breach.goal_id}
                  </Anchor>
                )}
              </Table.Td>
              <Table.Td className={classes["id"] ?? ""}>
                {breach.escrow_id === null ? (
                  (breach.transfer_id ?? "–")
                ) : (
                  <Anchor
                    component={Link}
                    href={`/admin/ledger?view=transfers&escrow=${encodeURIComponent(breach.escrow_id)}`}
                    prefetch={false}
                    inherit
                  >
                    {breach.escrow_id}
                  </Anchor>
                )}
              </Table.Td>
              <Table.Td className={classes["nowrap"] ?? ""}>
                {breach.since === null ? "–" : <Moment iso={breach.since} exact />}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
      {count > breaches.length && (
        <Text size="sm" c="dimmed">
          {t("more_breaches", { count: count - breaches.length })}
        </Text>
      )}
    </div>
  );
}
