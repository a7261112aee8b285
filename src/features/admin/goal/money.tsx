"use client";

import { Anchor, Group, Stack, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { escrowIdOf } from "#src/contract/ids.ts";
import { balanceOf, escrowAccount } from "#src/domain/ledger.ts";
import { useFormats } from "../../i18n/use-formats.ts";
import { Drawing } from "../../shell/icons.tsx";
import { Empty } from "../../shell/states.tsx";
import { TransfersTable } from "../ledger/transfers-table.tsx";
import type { Detail } from "./goal-types.ts";

/** Every transfer of the goal's escrow, and what they leave in it. */
export function Money({ detail: { view, ledger } }: { detail: Detail }) {
  const t = useTranslations("console_goal");
  const formats = useFormats();
  if (ledger.length === 0) return <Empty title={t("no_ledger")} icon="lock" />;
  const escrowId = escrowIdOf(view.goal_id);
  const balance = balanceOf(escrowAccount(escrowId), ledger);
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="sm">
        <Group gap="xs" data-balance={balance}>
          <Drawing name={balance === 0 ? "check" : "lock"} />
          <Text>
            {t.rich(balance === 0 ? "escrow_empty" : "escrow_holds", {
              amount: formats.money(balance, view.currency),
              b: (chunks) => <strong>{chunks}</strong>,
            })}
          </Text>
        </Group>
        <Anchor
          component={Link}
          prefetch={false}
          href={`/admin/ledger?escrow=${encodeURIComponent(escrowId)}`}
        >
          {t("to_ledger")}
        </Anchor>
      </Group>
      <TransfersTable transfers={ledger} withGoal={false} />
    </Stack>
  );
}
