"use client";

import { Group, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { channelName } from "#src/contract/channels.ts";
import type { GoalView } from "#src/server/operations/goal-view.ts";
import { useTRPC } from "../api/api-provider.tsx";
import { problemOf } from "../api/problem.ts";
import { Clock } from "../goals/clock.tsx";
import { GoalBadge } from "../goals/goal-badge.tsx";
import { Moment } from "../goals/moment.tsx";
import { Money } from "../goals/money.tsx";
import { useFormats } from "../i18n/use-formats.ts";
import { useLiveQuery, useNet } from "../live/use-live-query.ts";
import { useNow } from "../shell/now.ts";
import { Section } from "../shell/section.tsx";
import { Empty, Failed, Loading, Stale } from "../shell/states.tsx";

const events = ["goal.ended", "goal.created", "pair.updated", "refund.updated"] as const;

/** The viewer's page: the own invitations, how they stand, and where their money is. */
export function Invitations({ viewerId }: { viewerId: string }) {
  const t = useTranslations("me");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const options = trpc.me.invitations.queryOptions();
  const channels = useMemo(() => [channelName("private-user", viewerId)], [viewerId]);
  useLiveQuery(options.queryKey, { channels, events });
  const { data, error, isFetching } = useQuery({ ...options, refetchInterval: useNet() });
  const readAgain = () => void queryClient.invalidateQueries({ queryKey: options.queryKey });
  return (
    <Stack gap="lg">
      <Title order={1} size="h2">
        {t("title")}
      </Title>
      {error !== null && data !== undefined && (
        <Stale problem={problemOf(error)} onRetry={readAgain} busy={isFetching} />
      )}
      {data === undefined ? (
        error === null ? (
          <Loading />
        ) : (
          <Failed problem={problemOf(error)} onRetry={readAgain} busy={isFetching} />
        )
      ) : (
        <Section title={t("invitations")}>
          {data.length === 0 ? (
            <Empty title={t("none")}>{t("none_help")}</Empty>
          ) : (
            <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
              {data.map((view) => (
                <OwnInvitation key={view.goal_id} view={view} />
              ))}
            </SimpleGrid>
          )}
        </Section>
      )}
    </Stack>
  );
}

function OwnInvitation({ view }: { view: GoalView }) {
  const t = useTranslations("me");
  const formats = useFormats();
  const { name } = view.streamer;
  return (
    <Paper
      component="article"
      withBorder
      p="md"
      aria-label={t("invitation_to", { name })}
      data-goal={view.goal_id}
    >
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <Title order={3} size="h4" style={{ overflowWrap: "anywhere" }}>
            {name}
          </Title>
          <span aria-live="polite">
            <GoalBadge state={view.state} />
          </span>
        </Group>
        <div aria-live="polite">
          <Money view={view} />
        </div>
        <Text size="sm" c="dimmed">
          {t("prepaid", { duration: formats.minutes(view.prepaid_duration_s) })} ·{" "}
          {t.rich("sent", { time: () => <Moment iso={view.created} /> })}
        </Text>
        <Standing view={view} />
        <Cooldown view={view} />
      </Stack>
    </Paper>
  );
}

/** Until when it stands, or when it ended. */
function Standing({ view }: { view: GoalView }) {
  const t = useTranslations("me");
  const iso = view.state === "pending" ? view.exp : view.ended;
  if (iso === null) return null;
  return (
    <Text size="sm" c="dimmed">
      {t.rich(view.state === "pending" ? "stands_until" : "ended", { time: () => <Moment iso={iso} /> })}
    </Text>
  );
}

/** When the viewer may invite this streamer again, while that is not yet. */
function Cooldown({ view }: { view: GoalView }) {
  const t = useTranslations("me");
  const now = useNow();
  const until = view.cooldown_until;
  if (until === null || now === null || Date.parse(until) <= now) return null;
  const { name } = view.streamer;
  return (
    <Text size="sm" component="div" data-cooldown={until}>
      {t.rich("cooldown_until", { name, time: () => <Moment iso={until} /> })}{" "}
      <Clock until={until} label={t("cooldown_clock", { name })} />
    </Text>
  );
}
