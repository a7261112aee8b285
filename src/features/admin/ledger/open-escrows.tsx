"use client";

import { Anchor, Badge, Group, Table, Text } from "@mantine/core";
import { useLocale, useTranslations } from "next-intl";
import Link from "next/link";
import { adminChannel } from "#src/contract/channels.ts";
import type { OpenEscrow } from "#src/server/operations/console/ledger-views.ts";
import { useTRPC } from "../../api/api-provider.tsx";
import { Moment } from "../../goals/moment.tsx";
import { Empty } from "../../shell/states.tsx";
import { anyMoney } from "../frame/any-money.ts";
import { ListStates } from "../list/list-states.tsx";
import { useKeysetList } from "../list/use-keyset-list.ts";
import { WideTable } from "../wide-table.tsx";
import { transfersHref } from "./account.ts";
import classes from "./ledger.module.css";

const hints = { channels: [adminChannel], events: ["goal.updated", "ledger.checked"] } as const;

/** Escrows whose goals have ended, and which hold money still: the longest due first. */
export function OpenEscrows() {
  const t = useTranslations("console_ledger");
  const trpc = useTRPC();
  const list = useKeysetList(
    trpc.admin.ledger.openEscrows.infiniteQueryOptions({}, { getNextPageParam: ({ next }) => next }),
    hints,
    (page) => page.escrows,
    ({ escrow_id, currency }) => `${escrow_id} ${currency}`,
  );
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        {t("escrows_help")}
      </Text>
      <ListStates
        list={list}
        empty={
          <Empty title={t("no_escrows")} icon="check">
            {t("no_escrows_help")}
          </Empty>
        }
      >
        {(escrows) => <Escrows escrows={escrows} />}
      </ListStates>
    </>
  );
}

function Escrows({ escrows }: { escrows: readonly OpenEscrow[] }) {
  const t = useTranslations("console_ledger");
  const locale = useLocale();
  return (
    <WideTable label={t("view_escrows")} minWidth={760}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("goal")}</Table.Th>
          <Table.Th ta="end">{t("holds")}</Table.Th>
          <Table.Th>{t("due")}</Table.Th>
          <Table.Th>{t("standing")}</Table.Th>
          <Table.Th>{t("escrow")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {escrows.map(({ escrow_id, goal_id, amount, currency, due, late, held_back }) => (
          <Table.Tr key={`${escrow_id} ${currency}`} data-escrow={escrow_id}>
            <Table.Td>
              <Anchor
                component={Link}
                href={`/admin/goals/${goal_id}`}
                prefetch={false}
                className={classes["id"] ?? ""}
              >
                {goal_id}
              </Anchor>
            </Table.Td>
            <Table.Td ta="end" fw={600} className={classes["number"] ?? ""}>
              {anyMoney(locale, amount, currency)}
            </Table.Td>
            <Table.Td className={classes["nowrap"] ?? ""}>
              {due === null ? "–" : <Moment iso={due} exact />}
            </Table.Td>
            <Table.Td>
              <Group gap={6}>
                {held_back && (
                  <Badge variant="light" color="yellow">
                    {t("held_back")}
                  </Badge>
                )}
                {late && (
                  <Badge variant="light" color="red">
                    {t("late")}
                  </Badge>
                )}
                {!late && !held_back && (
                  <Badge variant="light" color="blue">
                    {t("on_its_way")}
                  </Badge>
                )}
              </Group>
            </Table.Td>
            <Table.Td>
              <Anchor
                component={Link}
                href={transfersHref(`escrow:${escrow_id}`)}
                prefetch={false}
                className={classes["id"] ?? ""}
              >
                {escrow_id}
              </Anchor>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  );
}
