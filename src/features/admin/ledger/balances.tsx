"use client";

import { Group, Table, Text } from "@mantine/core";
import { useLocale, useTranslations } from "next-intl";
import type { Conservation } from "#src/server/operations/console/conservation.ts";
import { Drawing } from "../../shell/icons.tsx";
import { anyMoney } from "../frame/any-money.ts";
import { WideTable } from "../wide-table.tsx";
import { balanceRows } from "./balance-rows.ts";
import classes from "./ledger.module.css";

/** Who has how much, by kind of account: in every currency it comes to zero, or money was made or lost. */
export function Balances({ balances }: { balances: Conservation["balances"] }) {
  const t = useTranslations("console_ledger");
  const locale = useLocale();
  const rows = balanceRows(balances);
  if (rows.length === 0) return null;
  return (
    <div className={classes["part"]}>
      <WideTable label={t("balances")} minWidth={560}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("currency")}</Table.Th>
            <Table.Th ta="end">{t("viewers")}</Table.Th>
            <Table.Th ta="end">{t("escrows")}</Table.Th>
            <Table.Th ta="end">{t("streamers")}</Table.Th>
            <Table.Th ta="end">{t("sum")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ currency, viewers, escrows, streamers, sum }) => (
            <Table.Tr key={currency} data-currency={currency} data-sum={sum}>
              <Table.Th scope="row">{currency}</Table.Th>
              {[viewers, escrows, streamers].map((amount, place) => (
                <Table.Td key={place} ta="end" className={classes["number"] ?? ""}>
                  {anyMoney(locale, amount, currency)}
                </Table.Td>
              ))}
              <Table.Td
                ta="end"
                fw={700}
                className={classes["number"] ?? ""}
                c={sum === 0 ? "var(--text-good)" : "var(--text-bad)"}
              >
                <Group gap={6} justify="flex-end" wrap="nowrap">
                  <Drawing name={sum === 0 ? "check" : "warning"} />
                  {anyMoney(locale, sum, currency)}
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
      <Text size="sm" c="dimmed">
        {t("balances_help")}
      </Text>
    </div>
  );
}
