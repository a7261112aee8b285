"use client";

import { Accordion, Code, Group, Paper, Stack, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { useTranslations } from "next-intl";
import { adminChannel } from "#src/contract/channels.ts";
import type { AppRouter } from "#src/server/trpc/router.ts";
import { useTRPC } from "../api/api-provider.tsx";
import { problemOf } from "../api/problem.ts";
import { GoalBadge } from "../goals/goal-badge.tsx";
import { Moment } from "../goals/moment.tsx";
import { Money } from "../goals/money.tsx";
import { useFormats } from "../i18n/use-formats.ts";
import { useLiveQuery, useNet } from "../live/use-live-query.ts";
import { BackLink } from "../shell/back-link.tsx";
import { Section } from "../shell/section.tsx";
import { Failed, Loading, Stale } from "../shell/states.tsx";
import classes from "../goals/facts.module.css";
import { Facts } from "../goals/facts.tsx";
import { Ledger } from "./ledger.tsx";
import { Receivers } from "./receivers.tsx";

type Detail = inferRouterOutputs<AppRouter>["admin"]["goals"]["byId"];

const channels = [adminChannel];
const events = ["receiver.updated"] as const;

/** Everything that is known of one goal, for moderators. */
export function GoalDetail({ goalId }: { goalId: string }) {
  const t = useTranslations("admin");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const options = trpc.admin.goals.byId.queryOptions({ goal_id: goalId });
  useLiveQuery(options.queryKey, { channels, events });
  const { data, error, isFetching } = useQuery({ ...options, refetchInterval: useNet() });
  const readAgain = () => void queryClient.invalidateQueries({ queryKey: options.queryKey });
  return (
    <Stack gap="lg">
      <BackLink href="/admin">{t("back")}</BackLink>
      {error !== null && data !== undefined && (
        <Stale problem={problemOf(error)} onRetry={readAgain} busy={isFetching} />
      )}
      {data !== undefined ? (
        <Known detail={data} />
      ) : error === null ? (
        <Loading rows={4} />
      ) : (
        <Failed problem={problemOf(error)} onRetry={readAgain} busy={isFetching} />
      )}
    </Stack>
  );
}

function Known({ detail }: { detail: Detail }) {
  const t = useTranslations("admin");
  const formats = useFormats();
  const { view } = detail;
  const moment = (iso: string | null) => (iso === null ? t("nothing") : <Moment iso={iso} exact />);
  return (
    <>
      <Group gap="sm">
        <Title order={1}>{t("people", { viewer: view.viewer.name, streamer: view.streamer.name })}</Title>
        <span aria-live="polite">
          <GoalBadge state={view.state} />
        </span>
      </Group>
      <Section title={t("facts")}>
        <Paper withBorder p="md">
          <Facts
            facts={[
              [t("goal"), <Code key="goal">{view.goal_id}</Code>],
              [t("session"), <Code key="session">{view.session_id}</Code>],
              [t("viewer"), `${view.viewer.name} (${view.viewer.id})`],
              [t("streamer"), `${view.streamer.name} (${view.streamer.id})`],
              [t("money"), <Money key="money" view={view} />],
              [t("prepaid"), formats.minutes(view.prepaid_duration_s)],
              [t("created"), moment(view.created)],
              [t("exp"), moment(view.exp)],
              [t("ended"), moment(view.ended)],
              [t("cooldown"), moment(view.cooldown_until)],
              [t("refund_due"), moment(view.refund_due)],
              [t("resolved"), moment(view.resolved)],
            ]}
          />
        </Paper>
      </Section>
      <Section title={t("receivers")}>
        <Receivers runs={detail.receiver_runs} />
      </Section>
      <Section title={t("ledger")}>
        <Ledger transfers={detail.ledger} />
      </Section>
      <Section title={t("documents")}>
        <Accordion multiple variant="contained" order={3}>
          {(["goal", "pair", "session"] as const).map((name) => (
            <Accordion.Item key={name} value={name}>
              <Accordion.Control>{t(`document_${name}`)}</Accordion.Control>
              <Accordion.Panel>
                <Code block className={classes["json"]}>
                  {JSON.stringify(detail[name], null, 2)}
                </Code>
              </Accordion.Panel>
            </Accordion.Item>
          ))}
        </Accordion>
      </Section>
    </>
  );
}
