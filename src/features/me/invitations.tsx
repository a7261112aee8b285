"use client";

import { Group, Stack, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { channelName } from "#src/contract/channels.ts";
import type { GoalView } from "#src/server/operations/goal-view.ts";
import { useTRPC } from "../api/api-provider.tsx";
import { problemOf } from "../api/problem.ts";
import { useFormats } from "../i18n/use-formats.ts";
import { useLiveQuery, useNet } from "../live/use-live-query.ts";
import { Section } from "../shell/section.tsx";
import { Empty, Failed, Loading, Stale } from "../shell/states.tsx";
import { Invitation } from "./invitation.tsx";
import { newestByStreamer, totalsOf } from "./progress.ts";
import classes from "./me.module.css";

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
    <Stack gap="xl">
      <Group justify="space-between" align="flex-end" gap="lg" className={classes["head"] ?? ""}>
        <Title order={1}>{t("title")}</Title>
        {data !== undefined && <MoneyUnderWay views={data} />}
      </Group>
      {error !== null && data !== undefined && (
        <Stale problem={problemOf(error)} onRetry={readAgain} busy={isFetching} />
      )}
      {data === undefined ? (
        error === null ? (
          <Loading height={220} />
        ) : (
          <Failed problem={problemOf(error)} onRetry={readAgain} busy={isFetching} />
        )
      ) : (
        <Section title={t("invitations")} titleHidden>
          {data.length === 0 ? <Empty title={t("none")}>{t("none_help")}</Empty> : <Cards views={data} />}
        </Section>
      )}
    </Stack>
  );
}

function Cards({ views }: { views: readonly GoalView[] }) {
  const newest = newestByStreamer(views);
  return (
    <div className={classes["grid"]}>
      {views.map((view) => (
        <Invitation key={view.goal_id} view={view} isNewest={newest.has(view.goal_id)} />
      ))}
    </div>
  );
}

/** What is held and what is coming back, where there is any. */
function MoneyUnderWay({ views }: { views: readonly GoalView[] }) {
  const t = useTranslations("me");
  const formats = useFormats();
  const totals = totalsOf(views);
  if (totals.length === 0) return null;
  return (
    <dl className={classes["totals"]} aria-label={t("totals")}>
      {totals.flatMap(({ currency, held, due }) =>
        (["held", "due"] as const)
          .map((kind) => [kind, kind === "held" ? held : due] as const)
          .filter(([, amount]) => amount > 0)
          .map(([kind, amount]) => (
            <div key={`${currency} ${kind}`} data-total={kind}>
              <dt>{t(`total_${kind}`)}</dt>
              <dd>{formats.money(amount, currency)}</dd>
            </div>
          )),
      )}
    </dl>
  );
}
