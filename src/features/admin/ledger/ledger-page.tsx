"use client";

import { Stack, Tabs, Title } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useAddress } from "../list/use-address.ts";
import { Accounts } from "./accounts.tsx";
import { Light } from "./light.tsx";
import { OpenEscrows } from "./open-escrows.tsx";
import { Transfers } from "./transfers.tsx";

const views = ["escrows", "transfers", "accounts"] as const;

/** All the money: whether it agrees, what should have moved and has not, what has moved, and who has how much. */
export function LedgerPage() {
  const t = useTranslations("console_ledger");
  const [query, change] = useAddress();
  const filtered = query.has("account") || query.has("escrow");
  const view = views.find((name) => name === query.get("view")) ?? (filtered ? "transfers" : "escrows");
  return (
    <Stack gap="xl">
      <Title order={1}>{t("title")}</Title>
      <Light />
      <Tabs
        value={view}
        keepMounted={false}
        onChange={(next) => change({ view: next, account: null, escrow: null, kind: null })}
      >
        <Tabs.List aria-label={t("views")} mb="md">
          {views.map((name) => (
            <Tabs.Tab key={name} value={name} mih="2.75rem">
              {t(`view_${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="escrows">
          <OpenEscrows />
        </Tabs.Panel>
        <Tabs.Panel value="transfers">
          <Transfers />
        </Tabs.Panel>
        <Tabs.Panel value="accounts">
          <Accounts />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
