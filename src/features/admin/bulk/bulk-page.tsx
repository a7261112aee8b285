"use client";

import { Button, Code, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { useState } from "react";
import { adminChannel } from "#src/contract/channels.ts";
import type { BulkView } from "#src/server/operations/console/bulk.ts";
import { useTRPC } from "../../api/api-provider.tsx";
import { problemOf } from "../../api/problem.ts";
import { Facts } from "../../goals/facts.tsx";
import { Moment } from "../../goals/moment.tsx";
import { useLiveQuery, useNet } from "../../live/use-live-query.ts";
import { BackLink } from "../../shell/back-link.tsx";
import { Section } from "../../shell/section.tsx";
import { Failed, Loading, Stale } from "../../shell/states.tsx";
import { useConsoleCaller } from "../frame/caller.tsx";
import { changeFilter, goalsAddress } from "../goals/filter-address.ts";
import { BulkBadge } from "./bulk-badge.tsx";
import { BulkExtent } from "./bulk-extent.tsx";
import { BulkProgress } from "./bulk-progress.tsx";
import classes from "./bulk.module.css";
import { type Decision, DecisionDialog } from "./decision-dialog.tsx";
import { FilterParts } from "./filter-parts.tsx";
import { isMoving } from "./progress.ts";
import { useWhatWords } from "./use-what-words.ts";

const channels = [adminChannel];
const events = ["bulk.updated"] as const;
/** While an action goes on, its runs end without anybody saying so for the action. */
const moving_ms = 2_000;

/** One action on many goals: how far it has come, who asked for it and why, and what can be done about it. */
export function BulkPage({ bulkId }: { bulkId: string }) {
  const t = useTranslations("console_bulk");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const options = trpc.admin.bulk.byId.queryOptions({ bulk_id: bulkId });
  useLiveQuery(options.queryKey, { channels, events });
  const net = useNet();
  const { data, error, isFetching } = useQuery({
    ...options,
    refetchInterval: (query) => {
      const regular = net(query);
      return regular !== false && query.state.data !== undefined && isMoving(query.state.data)
        ? moving_ms
        : regular;
    },
  });
  const readAgain = () => void queryClient.invalidateQueries({ queryKey: options.queryKey });
  return (
    <Stack gap="lg">
      <BackLink href="/admin/bulk">{t("back")}</BackLink>
      {error !== null && data !== undefined && (
        <Stale problem={problemOf(error)} onRetry={readAgain} busy={isFetching} />
      )}
      {data !== undefined ? (
        <Known bulk={data} onChanged={readAgain} />
      ) : error === null ? (
        <Loading rows={3} />
      ) : (
        <Failed problem={problemOf(error)} onRetry={readAgain} busy={isFetching} />
      )}
    </Stack>
  );
}

/** The goals that an action was about, and of them those that are still in trouble. */
const troubleAddress = ({ filter, what }: BulkView) =>
  goalsAddress(
    changeFilter(filter, { trouble: "any", receiver: what.kind === "receiver" ? what.receiver : undefined }),
    "effects",
  );

function Known({ bulk, onChanged }: { bulk: BulkView; onChanged: () => void }) {
  const t = useTranslations("console_bulk");
  const wordsOf = useWhatWords();
  const moment = (iso: string | null) => (iso === null ? "–" : <Moment iso={iso} exact />);
  return (
    <>
      <Stack gap="xs">
        <Group gap="sm">
          <Title order={1}>{wordsOf(bulk.what)}</Title>
          <span aria-live="polite">
            <BulkBadge status={bulk.status} />
          </span>
        </Group>
        <Text className={classes["reason"] ?? ""}>{bulk.reason}</Text>
      </Stack>
      <Decisions bulk={bulk} onChanged={onChanged} />
      <Section title={t("progress")}>
        <Paper withBorder p="md">
          <Stack gap="md">
            <BulkProgress bulk={bulk} />
            {bulk.settled.failed > 0 && (
              <Group>
                <Button
                  component={Link}
                  href={troubleAddress(bulk)}
                  prefetch={false}
                  variant="light"
                  color="red"
                >
                  {t("see_failed", { count: bulk.settled.failed })}
                </Button>
              </Group>
            )}
          </Stack>
        </Paper>
      </Section>
      <Section title={t("what_it_touches")}>
        <Stack gap="md">
          <BulkExtent preview={bulk} />
          <FilterParts filter={bulk.filter} />
          <div>
            <Button
              component={Link}
              href={goalsAddress(bulk.filter, "effects")}
              prefetch={false}
              variant="default"
            >
              {t("see_goals")}
            </Button>
          </div>
        </Stack>
      </Section>
      <Section title={t("who_and_when")}>
        <Paper withBorder p="md">
          <Facts
            facts={[
              [t("actor"), bulk.actor.name],
              [t("approver"), bulk.approver?.name ?? "–"],
              [t("created"), moment(bulk.created)],
              [t("started"), moment(bulk.started)],
              [t("finished"), moment(bulk.finished)],
              [t("id"), <Code key="id">{bulk.id}</Code>],
            ]}
          />
        </Paper>
      </Section>
    </>
  );
}

/** What the caller can do about an action as it stands, and why something cannot be done. */
function Decisions({ bulk, onChanged }: { bulk: BulkView; onChanged: () => void }) {
  const t = useTranslations("console_bulk");
  const caller = useConsoleCaller();
  const [decision, setDecision] = useState<Decision | null>(null);
  const isAwaiting = bulk.status === "awaiting_approval";
  if (!isAwaiting && bulk.status !== "running" && decision === null) return null;
  const mayDecide = caller.role === "admin" && caller.id !== bulk.actor.id;
  return (
    <>
      {isAwaiting && (
        <Paper withBorder p="md" className={classes["decide"] ?? ""} data-awaiting>
          <div>
            <Text fw={600}>{t("awaiting")}</Text>
            <Text size="sm">
              {mayDecide
                ? t("awaiting_you", { name: bulk.actor.name })
                : t(caller.role === "admin" ? "awaiting_own" : "awaiting_admin")}
            </Text>
          </div>
          {mayDecide && (
            <Group gap="sm">
              <Button onClick={() => setDecision("approve")}>{t("decide.approve")}</Button>
              <Button variant="light" color="red" onClick={() => setDecision("reject")}>
                {t("decide.reject")}
              </Button>
            </Group>
          )}
        </Paper>
      )}
      {bulk.status === "running" && (
        <Group>
          <Button variant="light" color="red" onClick={() => setDecision("stop")}>
            {t("decide.stop")}
          </Button>
        </Group>
      )}
      {decision !== null && (
        <DecisionDialog
          bulkId={bulk.id}
          decision={decision}
          onClose={() => setDecision(null)}
          onDone={() => {
            setDecision(null);
            onChanged();
          }}
        />
      )}
    </>
  );
}
