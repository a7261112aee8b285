"use client";

import { Anchor, Group, Table, Text } from "@mantine/core";
import { useLocale, useTranslations } from "next-intl";
import Link from "next/link";
import type { Figures } from "#src/server/operations/console/overview.ts";
import { Section } from "../../shell/section.tsx";
import { WideTable } from "../wide-table.tsx";
import { span } from "./figure-formats.ts";
import classes from "./overview.module.css";

/** How long each receiver takes, and how often it fails. The bars say nothing that the numbers do not. */
export function Latency({ figures: { receivers, range } }: { figures: Figures }) {
  const t = useTranslations("console_overview");
  const locale = useLocale();
  const number = new Intl.NumberFormat(locale);
  const longest = Math.max(1, ...receivers.map(({ p95 }) => p95 ?? 0));
  const share = (value: number | null) => `${((value ?? 0) / longest) * 100}%`;
  return (
    <Section
      title={t("latency")}
      aside={
        <Text size="sm" c="dimmed">
          {t(`over_${range}`)}
        </Text>
      }
    >
      <WideTable label={t("latency")} minWidth={720}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("receiver")}</Table.Th>
            <Table.Th ta="end">{t("runs")}</Table.Th>
            <Table.Th ta="end" title={t("p50_help")}>
              p50
            </Table.Th>
            <Table.Th ta="end" title={t("p95_help")}>
              p95
            </Table.Th>
            <Table.Td aria-hidden="true" className={classes["legend"] ?? ""}>
              <span className={classes["legend_half"]} /> p50 <span className={classes["legend_most"]} /> p95
            </Table.Td>
            <Table.Th ta="end">{t("failed")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {receivers.map(({ receiver, count, p50, p95, failed }) => (
            <Table.Tr key={receiver} data-receiver={receiver}>
              <Table.Th scope="row" fw={400} ff="monospace" fz="xs">
                {receiver}
              </Table.Th>
              <Table.Td ta="end" className={classes["number"] ?? ""}>
                {number.format(count)}
              </Table.Td>
              {[p50, p95].map((value, place) => (
                <Table.Td key={place} ta="end" className={classes["number"] ?? ""}>
                  {value === null ? "–" : span(locale, value)}
                </Table.Td>
              ))}
              <Table.Td aria-hidden="true" className={classes["track"] ?? ""}>
                <div className={classes["half"]} style={{ width: share(p50) }} />
                <div className={classes["most"]} style={{ width: share(p95) }} />
              </Table.Td>
              <Table.Td ta="end" className={classes["number"] ?? ""}>
                {failed === 0 ? (
                  "0"
                ) : (
                  <Group gap={4} justify="flex-end">
                    <Anchor
                      component={Link}
                      href={`/admin/goals?trouble=failed&receiver=${receiver}`}
                      prefetch={false}
                      c="var(--text-bad)"
                      fw={700}
                      aria-label={t("failed_of", { count: failed, receiver })}
                    >
                      {number.format(failed)}
                    </Anchor>
                  </Group>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
    </Section>
  );
}
