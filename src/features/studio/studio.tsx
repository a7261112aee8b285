"use client";

import { SimpleGrid, Stack, Text, Title, VisuallyHidden } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useCallback, useMemo, useRef } from "react";
import { channelName } from "#src/contract/channels.ts";
import type { StudioOverview } from "#src/server/operations/overviews.ts";
import { useTRPC } from "../api/api-provider.tsx";
import { problemOf } from "../api/problem.ts";
import { Moment } from "../goals/moment.tsx";
import { useLiveQuery, useNet } from "../live/use-live-query.ts";
import { Section } from "../shell/section.tsx";
import { Empty, Failed, Loading, Stale } from "../shell/states.tsx";
import { History } from "./history.tsx";
import { InvitationCard } from "./invitation-card.tsx";
import { Pairs } from "./pairs.tsx";
import { useChanges } from "./use-changes.ts";
import { useDeclines } from "./use-declines.ts";

const events = ["goal.ended", "goal.created", "pair.updated", "refund.updated"] as const;
/** How often a page asks what became of a decline that was accepted and whose end it has not seen yet. */
const impatient_ms = 2_000;

/** The streamer's page: who invites now, who is in cooldown, what has been. */
export function Studio({ streamerId }: { streamerId: string }) {
  const t = useTranslations("studio");
  const trpc = useTRPC();
  const net = useNet();
  const queryClient = useQueryClient();
  const options = trpc.studio.overview.queryOptions();
  const channels = useMemo(
    () => [channelName("private-stream", streamerId), channelName("private-user", streamerId)],
    [streamerId],
  );
  useLiveQuery(options.queryKey, { channels, events });

  const readAgain = useCallback(
    () => void queryClient.invalidateQueries({ queryKey: trpc.studio.overview.queryKey() }),
    [queryClient, trpc],
  );
  const { states, decline } = useDeclines(readAgain);
  const { data, error, isFetching } = useQuery({
    ...options,
    refetchInterval: (query) =>
      query.state.data?.invitations.some(({ goal_id }) => states.get(goal_id)?.kind === "accepted") === true
        ? impatient_ms
        : net(query),
  });

  const heading = useRef<HTMLHeadingElement>(null);
  const { news, onFocus } = useChanges(data?.invitations, states, heading);

  return (
    <Stack gap="xl">
      <Stack gap={4}>
        <Title order={1} size="h2" ref={heading} tabIndex={-1} style={{ outline: "none" }}>
          {t("title")}
        </Title>
        {data !== undefined && <SessionLine session={data.session} />}
      </Stack>
      <VisuallyHidden>
        {/* A log is read out as it grows; of a status only its last state would be. */}
        <div role="log" aria-label={t("announcements")}>
          {news.map(({ id, sentence }) => (
            <p key={id}>{sentence}</p>
          ))}
        </div>
      </VisuallyHidden>
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
        <>
          <Section title={t("invitations")}>
            {data.invitations.length === 0 ? (
              <Empty title={t("no_invitations")}>
                {t(data.session === null ? "not_live_help" : "no_invitations_help")}
              </Empty>
            ) : (
              <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="sm">
                {data.invitations.map((view) => (
                  <div key={view.goal_id} onFocus={() => onFocus(view.goal_id)} onBlur={() => onFocus(null)}>
                    <InvitationCard
                      view={view}
                      state={states.get(view.goal_id)}
                      onDecline={() => void decline(view.goal_id)}
                    />
                  </div>
                ))}
              </SimpleGrid>
            )}
          </Section>
          <Section title={t("pairs")}>
            <Pairs pairs={data.pairs} />
          </Section>
          <Section title={t("history")}>
            <History goals={data.history} />
          </Section>
        </>
      )}
    </Stack>
  );
}

function SessionLine({ session }: { session: StudioOverview["session"] }) {
  const t = useTranslations("studio");
  if (session === null) return <Text c="dimmed">{t("not_live")}</Text>;
  return (
    <Text c="dimmed" data-session={session.id}>
      {t.rich("live_since", { time: () => <Moment iso={session.created} /> })}
    </Text>
  );
}
