"use client";

import { Anchor, Button, Group, Stack, Table, Text, Title } from "@mantine/core";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { adminChannel } from "#src/contract/channels.ts";
import type { GoalView } from "#src/server/operations/goal-view.ts";
import { useTRPC } from "../api/api-provider.tsx";
import { problemOf } from "../api/problem.ts";
import { GoalBadge } from "../goals/goal-badge.tsx";
import { Moment } from "../goals/moment.tsx";
import { Money } from "../goals/money.tsx";
import { useFormats } from "../i18n/use-formats.ts";
import { useLiveQuery, useNet } from "../live/use-live-query.ts";
import { Empty, Failed, Loading, Stale } from "../shell/states.tsx";
import { WideTable } from "./wide-table.tsx";

const channels = [adminChannel];
const events = ["receiver.updated"] as const;
const pageLength = 50;

/** All goals, latest end first, a page at a time. */
export function GoalsTable() {
  const t = useTranslations("admin");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const options = trpc.admin.goals.list.infiniteQueryOptions(
    { limit: pageLength },
    { getNextPageParam: ({ next }) => next },
  );
  useLiveQuery(options.queryKey, { channels, events });
  const query = useInfiniteQuery({ ...options, refetchInterval: useNet() });
  const { data, error, isFetching, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const readAgain = () => void queryClient.invalidateQueries({ queryKey: options.queryKey });
  const goals = data?.pages.flatMap((page) => page.goals) ?? [];
  return (
    <Stack gap="lg">
      <Title order={1}>{t("title")}</Title>
      {error !== null && data !== undefined && (
        <Stale problem={problemOf(error)} onRetry={readAgain} busy={isFetching} />
      )}
      {data === undefined ? (
        error === null ? (
          <Loading rows={6} height={56} />
        ) : (
          <Failed problem={problemOf(error)} onRetry={readAgain} busy={isFetching} />
        )
      ) : goals.length === 0 ? (
        <Empty title={t("no_goals")} />
      ) : (
        <>
          <Goals goals={goals} />
          {hasNextPage && (
            <Group justify="center">
              <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                {t("more")}
              </Button>
            </Group>
          )}
        </>
      )}
    </Stack>
  );
}

function Goals({ goals }: { goals: readonly GoalView[] }) {
  const t = useTranslations("admin");
  const formats = useFormats();
  return (
    <WideTable label={t("title")} minWidth={900}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("goal")}</Table.Th>
          <Table.Th>{t("state")}</Table.Th>
          <Table.Th>{t("prepaid")}</Table.Th>
          <Table.Th>{t("money")}</Table.Th>
          <Table.Th>{t("created")}</Table.Th>
          <Table.Th>{t("exp")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {goals.map((view) => (
          <Table.Tr key={view.goal_id} data-goal={view.goal_id}>
            <Table.Td>
              <Anchor component={Link} href={`/admin/goals/${view.goal_id}`} prefetch={false} fw={600}>
                {t("people", { viewer: view.viewer.name, streamer: view.streamer.name })}
              </Anchor>
              <Text size="xs" c="dimmed" ff="monospace">
                {view.goal_id}
              </Text>
            </Table.Td>
            <Table.Td>
              <GoalBadge state={view.state} />
            </Table.Td>
            <Table.Td style={{ whiteSpace: "nowrap" }}>{formats.minutes(view.prepaid_duration_s)}</Table.Td>
            <Table.Td>
              <Money view={view} />
            </Table.Td>
            <Table.Td>
              <Moment iso={view.created} />
            </Table.Td>
            <Table.Td>
              <Moment iso={view.exp} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  );
}
