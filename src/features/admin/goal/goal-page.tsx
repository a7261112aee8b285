"use client";

import { Stack, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { adminChannel } from "#src/contract/channels.ts";
import type { GoalAction } from "#src/contract/console.ts";
import { useTRPC } from "../../api/api-provider.tsx";
import { problemOf } from "../../api/problem.ts";
import { useLiveQuery, useNet } from "../../live/use-live-query.ts";
import { BackLink } from "../../shell/back-link.tsx";
import { Failed, Loading, Stale } from "../../shell/states.tsx";
import { ActionDialog } from "../actions/action-dialog.tsx";
import { Announcer } from "./announcer.tsx";
import { Documents } from "./documents.tsx";
import classes from "./goal.module.css";
import { GoalAudit } from "./goal-audit.tsx";
import { GoalFacts } from "./goal-facts.tsx";
import { GoalHead } from "./goal-head.tsx";
import type { Detail } from "./goal-types.ts";
import { HeldBack } from "./held-back.tsx";
import { Money } from "./money.tsx";
import { Part } from "./part.tsx";
import { Pushes } from "./pushes.tsx";
import { SessionAndPair } from "./session-and-pair.tsx";
import { failedReceivers } from "./lanes.ts";
import { Trouble } from "./trouble.tsx";
import { useListAddress } from "./use-list-address.ts";
import { Waterfall } from "./waterfall.tsx";

const channels = [adminChannel];
const events = ["receiver.updated", "goal.updated"] as const;

/** Everything that is known of one goal, and everything that can be done to it by hand. */
export function GoalPage({ goalId }: { goalId: string }) {
  const t = useTranslations("console_goal");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const options = trpc.admin.goals.byId.queryOptions({ goal_id: goalId });
  useLiveQuery(options.queryKey, { channels, events });
  const { data, error, isFetching } = useQuery({ ...options, refetchInterval: useNet() });
  const readAgain = () => void queryClient.invalidateQueries({ queryKey: options.queryKey });
  const list = useListAddress();
  return (
    <Stack gap="lg">
      <BackLink href={list}>{t("back")}</BackLink>
      {error !== null && data !== undefined && (
        <Stale problem={problemOf(error)} onRetry={readAgain} busy={isFetching} />
      )}
      {data === undefined && (
        <Title order={1} className={classes["anywhere"] ?? ""}>
          {t("page_goal", { id: goalId })}
        </Title>
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
  const t = useTranslations("console_goal");
  const goalId = detail.view.goal_id;
  // Kept while the dialog closes, so that it does not change its words on its way out.
  const [action, setAction] = useState<GoalAction>({ kind: "resend_signal" });
  const [isActing, setIsActing] = useState(false);
  const act = (next: GoalAction) => {
    setAction(next);
    setIsActing(true);
  };
  return (
    <>
      <Announcer detail={detail} />
      <GoalHead detail={detail} onAct={act} />
      <Trouble detail={detail} failed={failedReceivers(detail.timeline.bars)} />
      {detail.held_back !== null && <HeldBack held={detail.held_back} onAct={act} />}
      <GoalFacts detail={detail} />
      <Part id="waterfall" title={t("waterfall")}>
        <Waterfall detail={detail} onAct={act} />
      </Part>
      <Part id="ledger" title={t("ledger")}>
        <Money detail={detail} />
      </Part>
      <Part id="session" title={t("session_and_pair")}>
        <SessionAndPair detail={detail} />
      </Part>
      <Part id="pushes" title={t("pushes")}>
        <Pushes pushes={detail.pushes} />
      </Part>
      <Part id="audit" title={t("audit")}>
        <GoalAudit goalId={goalId} entries={detail.audit} />
      </Part>
      <Part id="documents" title={t("documents")}>
        <Documents detail={detail} />
      </Part>
      <ActionDialog goalId={goalId} action={action} opened={isActing} onClose={() => setIsActing(false)} />
    </>
  );
}
