"use client";

import { Anchor, SegmentedControl, Stack, Table } from "@mantine/core";
import { useLocale, useTranslations } from "next-intl";
import Link from "next/link";
import { adminChannel } from "#src/contract/channels.ts";
import type { AccountView } from "#src/server/operations/console/ledger-views.ts";
import { useTRPC } from "../../api/api-provider.tsx";
import { Empty } from "../../shell/states.tsx";
import { anyMoney } from "../frame/any-money.ts";
import { ListStates } from "../list/list-states.tsx";
import { useAddress } from "../list/use-address.ts";
import { useKeysetList } from "../list/use-keyset-list.ts";
import { WideTable } from "../wide-table.tsx";
import { transfersHref } from "./account.ts";
import classes from "./ledger.module.css";

const hints = { channels: [adminChannel], events: ["goal.updated", "ledger.checked"] } as const;

/** The accounts of viewers, or of streamers, with their balances. */
export function Accounts() {
  const t = useTranslations("console_ledger");
  const trpc = useTRPC();
  const [query, change] = useAddress();
  const kind = query.get("kind") === "streamer" ? "streamer" : "viewer";
  const list = useKeysetList(
    trpc.admin.ledger.accounts.infiniteQueryOptions({ kind }, { getNextPageParam: ({ next }) => next }),
    hints,
    (page) => page.accounts,
    ({ account }) => account,
  );
  return (
    <Stack gap="md" align="stretch">
      <SegmentedControl
        aria-label={t("accounts_of")}
        className={classes["kinds"] ?? ""}
        data={(["viewer", "streamer"] as const).map((value) => ({ value, label: t(`${value}s`) }))}
        value={kind}
        onChange={(value) => change({ kind: value === "viewer" ? null : value })}
      />
      <ListStates list={list} empty={<Empty title={t("no_accounts")}>{t("no_accounts_help")}</Empty>}>
        {(accounts) => <Known accounts={accounts} />}
      </ListStates>
    </Stack>
  );
}

function Known({ accounts }: { accounts: readonly AccountView[] }) {
  const t = useTranslations("console_ledger");
  const locale = useLocale();
  return (
    <WideTable label={t("view_accounts")} minWidth={560}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("person")}</Table.Th>
          <Table.Th>{t("account")}</Table.Th>
          <Table.Th ta="end">{t("balance")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {accounts.map(({ account, person, balances }) => (
          <Table.Tr key={account} data-account={account}>
            <Table.Td>
              <Anchor component={Link} href={`/admin/users?q=${person.id}`} prefetch={false} fw={600}>
                {person.name}
              </Anchor>
            </Table.Td>
            <Table.Td>
              <Anchor
                component={Link}
                href={transfersHref(account)}
                prefetch={false}
                className={classes["id"] ?? ""}
              >
                {account}
              </Anchor>
            </Table.Td>
            <Table.Td ta="end" fw={600} className={classes["number"] ?? ""}>
              {balances.length === 0
                ? "–"
                : balances.map(({ amount, currency }) => (
                    <div key={currency}>{anyMoney(locale, amount, currency)}</div>
                  ))}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  );
}
