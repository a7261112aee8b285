"use client";

import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { channelName } from "#src/contract/channels.ts";
import type { Receipt as ReceiptView } from "#src/server/operations/receipt.ts";
import { useTRPC } from "../api/api-provider.tsx";
import { problemOf } from "../api/problem.ts";
import { Facts } from "../goals/facts.tsx";
import { GoalBadge } from "../goals/goal-badge.tsx";
import { Money } from "../goals/money.tsx";
import { useLiveQuery, useNet } from "../live/use-live-query.ts";
import { BackLink } from "../shell/back-link.tsx";
import { Mark } from "../shell/brand.tsx";
import { Drawing } from "../shell/icons.tsx";
import { Empty, Failed, Loading, Stale } from "../shell/states.tsx";
import { CopyButton } from "./copy-button.tsx";
import { receiptText } from "./receipt-lines.ts";
import { useReceiptParts } from "./use-receipt-parts.ts";
import classes from "./receipt.module.css";

const events = ["goal.ended", "refund.updated"] as const;

/** The receipt of one of the viewer's own invitations, as of now; it follows what happens like any page. */
export function Receipt({ goalId, viewerId }: { goalId: string; viewerId: string }) {
  const t = useTranslations("receipt");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const options = trpc.me.receipt.queryOptions({ goal_id: goalId });
  const channels = useMemo(() => [channelName("private-user", viewerId)], [viewerId]);
  useLiveQuery(options.queryKey, { channels, events });
  const { data, error, isFetching } = useQuery({ ...options, refetchInterval: useNet() });
  const readAgain = () => void queryClient.invalidateQueries({ queryKey: options.queryKey });
  return (
    <Stack gap="lg" className={classes["page"] ?? ""}>
      <BackLink href="/me">{t("back")}</BackLink>
      {error !== null && data !== undefined && (
        <Stale problem={problemOf(error)} onRetry={readAgain} busy={isFetching} />
      )}
      {data !== undefined ? (
        <Sheet receipt={data} />
      ) : error === null ? (
        <Loading rows={1} height={560} />
      ) : (
        <Failed problem={problemOf(error)} onRetry={readAgain} busy={isFetching} />
      )}
    </Stack>
  );
}

function Sheet({ receipt }: { receipt: ReceiptView }) {
  const t = useTranslations("receipt");
  const shell = useTranslations("shell");
  const { facts, entries, ending } = useReceiptParts(receipt);
  const { view } = receipt;
  const copied = () =>
    receiptText(
      `${shell("brand")} · ${t("title")}`,
      [facts, ...entries.map(({ heading, lines }) => ({ heading: `${t("ledger")} · ${heading}`, lines }))],
      ending,
    );
  return (
    <Paper component="article" withBorder className={classes["sheet"] ?? ""} aria-label={t("title")}>
      <Group justify="space-between" gap="sm" align="flex-start">
        <Group gap="sm" wrap="nowrap">
          <Mark size={40} />
          <div>
            <Title order={1} size="h2">
              {t("title")}
            </Title>
            <Text c="dimmed">{facts.heading}</Text>
          </div>
        </Group>
        <Group gap="xs" className={classes["tools"] ?? ""}>
          <CopyButton text={copied} />
          <Button
            variant="default"
            leftSection={<Drawing name="print" />}
            onClick={() => {
              window.print();
            }}
          >
            {t("print")}
          </Button>
        </Group>
      </Group>
      <div className={classes["standing"]} aria-live="polite">
        <Money view={view} size="lg" dated={false} />
        <GoalBadge state={view.state} />
      </div>
      <Facts facts={facts.lines} />
      <section aria-labelledby="receipt-ledger">
        <Title order={2} size="h3" id="receipt-ledger" mb="sm">
          {t("ledger")}
        </Title>
        {entries.length === 0 ? (
          <Empty title={t("no_ledger")} icon="minus" />
        ) : (
          <ol className={classes["entries"]}>
            {entries.map(({ heading, amount, lines }, place) => (
              <li key={lines[0]?.[1] ?? place} className={classes["entry"]} data-entry={lines[0]?.[1]}>
                <div className={classes["line"]}>
                  <Title order={3} size="h4">
                    {heading}
                  </Title>
                  <span className={classes["amount"]}>{amount}</span>
                </div>
                <Facts facts={lines} />
              </li>
            ))}
          </ol>
        )}
      </section>
      <Text size="sm" c="dimmed">
        {ending}
      </Text>
    </Paper>
  );
}
