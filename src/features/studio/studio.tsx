"use client";

import { Button, Kbd, Stack, Title, VisuallyHidden } from "@mantine/core";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { channelName } from "#src/contract/channels.ts";
import type { GoalView } from "#src/server/operations/goal-view.ts";
import type { StudioOverview } from "#src/server/operations/overviews.ts";
import { useTRPC } from "../api/api-provider.tsx";
import { problemOf } from "../api/problem.ts";
import { newerAnswer } from "../live/newer.ts";
import { useLiveQuery, useNet } from "../live/use-live-query.ts";
import { Section } from "../shell/section.tsx";
import { Failed } from "../shell/states.tsx";
import { useDayStart } from "./day.ts";
import { History } from "./history.tsx";
import { Invitations } from "./invitations.tsx";
import { LoadingStudio } from "./loading-studio.tsx";
import { Pairs } from "./pairs.tsx";
import { SessionHeader } from "./session-header.tsx";
import { StatusLine } from "./status-line.tsx";
import { Tray } from "./tray.tsx";
import { useChanges } from "./use-changes.ts";
import { useDeclines } from "./use-declines.ts";
import { useExpiry } from "./use-expiry.ts";
import { useKeys } from "./use-keys.ts";
import { useNews } from "./use-news.ts";
import { useRefusals } from "./use-refusals.ts";

const Help = lazy(async () => ({ default: (await import("./help.tsx")).Help }));

const events = ["goal.ended", "goal.created", "pair.updated", "refund.updated"] as const;
/** How often a page asks what became of a decline that was accepted and whose end it has not seen yet. */
const impatient_ms = 2_000;

/** The streamer's page: who invites now, who is in cooldown, what has been today. */
export function Studio({ streamerId }: { streamerId: string }) {
  const t = useTranslations();
  const { overview, error, isFetching, readAt, readAgain, declines, outbox } = useStudio(streamerId);
  const { news, say } = useNews();
  const grid = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const { isHelping, openHelp, closeHelp } = useHelp();

  const { shown, expired } = useExpiry(overview?.invitations, (moment) => {
    say([
      ...moment.short.map(({ viewer: { name } }) => t("studio.said_short", { name })),
      ...moment.expired.map(({ viewer: { name } }) => t("studio.said_expired", { name })),
    ]);
    if (moment.expired.length > 0) readAgain();
  });
  const { onFocus } = useChanges(overview === undefined ? undefined : shown, {
    say,
    isOwn: (goalId) => ["sending", "accepted"].includes(declines.get(goalId)?.phase ?? ""),
    heading,
  });

  const decline = useCallback(
    (view: GoalView) => {
      const { goal_id, viewer } = view;
      outbox.dispatch({ kind: "decline", goal_id, name: viewer.name, now: Date.now() });
      say([t("studio.said_grace", { name: viewer.name })]);
    },
    [outbox, say, t],
  );
  const undo = useCallback(
    (goalId: string) => {
      const one = outbox.declines().get(goalId);
      outbox.dispatch({ kind: "undo", goal_id: goalId, now: Date.now() });
      if (one !== undefined && outbox.declines().get(goalId) === undefined)
        say([t("studio.said_undone", { name: one.name })]);
    },
    [outbox, say, t],
  );
  useKeys(grid, {
    decline: (goalId) => {
      const view = shown.find(({ goal_id }) => goal_id === goalId);
      if (view !== undefined && !expired.has(goalId)) decline(view);
    },
    undo: (goalId) => {
      const inGrace = [...declines.values()].filter(({ phase }) => phase === "grace");
      const one = inGrace.find(({ goal_id }) => goal_id === goalId) ?? inGrace.at(-1);
      if (one !== undefined) undo(one.goal_id);
    },
    help: openHelp,
  });

  useRefusals({ declines, shown, gaveWay: overview && gaveWay(overview), say, outbox });

  const inTray = [...declines.values()].filter(
    ({ phase, goal_id }) =>
      phase === "waiting" || (phase === "grace" && !shown.some((view) => view.goal_id === goal_id)),
  );
  const problem = error === null ? null : problemOf(error);
  return (
    // As tall as the window at least: what stands below the page is not pushed about by what comes into it.
    <Stack gap="xl" mih="100svh">
      <Stack gap="sm">
        <Title order={1} size="h2" ref={heading} tabIndex={-1} style={{ outline: "none" }}>
          {t("studio.title")}
        </Title>
        {overview !== undefined && <SessionHeader overview={overview} />}
        {overview !== undefined && (
          <StatusLine problem={problem} readAt={readAt} busy={isFetching} onRetry={readAgain} />
        )}
      </Stack>
      <VisuallyHidden>
        {/* A log is read out as it grows; of a status only its last state would be. */}
        <div role="log" aria-label={t("studio.announcements")}>
          {news.map(({ id, sentence }) => (
            <p key={id}>{sentence}</p>
          ))}
        </div>
      </VisuallyHidden>
      {overview === undefined ? (
        problem === null ? (
          <LoadingStudio />
        ) : (
          <Failed problem={problem} onRetry={readAgain} busy={isFetching} />
        )
      ) : (
        <>
          <Section
            title={t("studio.invitations")}
            aside={
              <Button size="xs" variant="subtle" onClick={openHelp} rightSection={<Kbd>?</Kbd>}>
                {t("studio.help")}
              </Button>
            }
          >
            <Invitations
              grid={grid}
              shown={shown}
              expired={expired}
              declines={declines}
              isLive={overview.session !== null}
              onFocus={onFocus}
              onDecline={decline}
              onUndo={undo}
            />
          </Section>
          <Section title={t("studio.pairs")}>
            <Pairs pairs={overview.pairs} />
          </Section>
          <Section title={t("studio.history")}>
            <History goals={overview.history} />
          </Section>
        </>
      )}
      <Tray declines={inTray} onUndo={undo} onSendNow={outbox.hurry} />
      {isHelping && (
        <Suspense>
          <Help onClose={closeHelp} />
        </Suspense>
      )}
    </Stack>
  );
}

/** Opens and closes the help, and gives the keyboard back to where it was. */
function useHelp() {
  const [isHelping, setIsHelping] = useState(false);
  const from = useRef<Element | null>(null);
  useEffect(() => {
    if (isHelping) return;
    if (from.current instanceof HTMLElement) from.current.focus();
    from.current = null;
  }, [isHelping]);
  return {
    isHelping,
    openHelp: () => {
      from.current = document.activeElement;
      setIsHelping(true);
    },
    closeHelp: () => setIsHelping(false),
  };
}

/** What the page knows: the newest reading, and the declines that are on their way. */
function useStudio(streamerId: string) {
  const trpc = useTRPC();
  const net = useNet();
  const queryClient = useQueryClient();
  const since = useDayStart();
  const options = trpc.studio.overview.queryOptions({ since });
  const channels = useMemo(
    () => [channelName("private-stream", streamerId), channelName("private-user", streamerId)],
    [streamerId],
  );
  useLiveQuery(trpc.studio.overview.queryKey(), { channels, events });

  const readAgain = useCallback(
    () => void queryClient.invalidateQueries({ queryKey: trpc.studio.overview.queryKey() }),
    [queryClient, trpc],
  );
  const { outbox, declines } = useDeclines(streamerId, readAgain);
  const isConfirming = [...declines.values()].some(({ phase }) => phase === "accepted");
  const { data, error, isFetching, dataUpdatedAt } = useQuery({
    ...options,
    structuralSharing: newerAnswer,
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (isConfirming ? impatient_ms : net(query)),
  });
  useEffect(() => {
    if (data === undefined) return;
    const pending = new Set(data.invitations.map(({ goal_id }) => goal_id));
    outbox.dispatch({ kind: "read", pending, gaveWay: gaveWay(data) });
  }, [data, outbox, declines]);
  return { overview: data, error, isFetching, readAt: dataUpdatedAt, readAgain, declines, outbox };
}

/** The invitations that have ended because something else took their place. */
const gaveWay = ({ history }: StudioOverview): ReadonlySet<string> =>
  new Set(history.filter(({ state }) => state === "superseded").map(({ goal_id }) => goal_id));
