"use client";

import { Alert, Group, Text, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { adminChannel } from "#src/contract/channels.ts";
import { useTRPC } from "../../api/api-provider.tsx";
import { problemOf } from "../../api/problem.ts";
import { Moment } from "../../goals/moment.tsx";
import { useLiveQuery, useNet } from "../../live/use-live-query.ts";
import { Drawing } from "../../shell/icons.tsx";
import { Failed, Loading } from "../../shell/states.tsx";
import type { Run } from "./goal-types.ts";
import { JsonBlock } from "./json-block.tsx";
import { Steps } from "./steps.tsx";
import classes from "./waterfall.module.css";

const channels = [adminChannel];
const events = ["receiver.updated"] as const;

/** What Inngest itself knows of a run; where it cannot be asked, that and why. */
export function InngestRun({ goalId, runId }: { goalId: string; runId: string }) {
  const t = useTranslations("console_goal");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const options = trpc.admin.goals.run.queryOptions({ goal_id: goalId, run_id: runId });
  useLiveQuery(options.queryKey, { channels, events });
  const { data, error, isFetching } = useQuery({ ...options, refetchInterval: useNet() });
  const readAgain = () => void queryClient.invalidateQueries({ queryKey: options.queryKey });
  return (
    <section className={classes["inngest"]} aria-label={t("inngest")}>
      <Title order={3} size="h5">
        {t("inngest")}
      </Title>
      {data !== undefined ? (
        <Known run={data} />
      ) : error === null ? (
        <Loading rows={1} height={64} />
      ) : (
        <Failed problem={problemOf(error)} onRetry={readAgain} busy={isFetching} />
      )}
    </section>
  );
}

function Known({ run }: { run: Run }) {
  const t = useTranslations("console_goal");
  if (!run.reachable)
    return (
      <Alert
        color="yellow"
        icon={<Drawing name="warning" />}
        title={t("inngest_unreachable")}
        data-reachable="false"
      >
        {run.why}
      </Alert>
    );
  const { output } = run;
  return (
    <>
      <Group gap="xs" data-reachable="true">
        <Text size="sm">
          <strong>{run.status}</strong>
        </Text>
        {run.queued !== null && (
          <Text size="sm" c="dimmed">
            {t.rich("queued_at", { time: () => <Moment iso={run.queued ?? ""} exact /> })}
          </Text>
        )}
      </Group>
      {run.steps.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("no_steps")}
        </Text>
      ) : (
        <Steps steps={run.steps} />
      )}
      {output !== undefined && output !== null && <JsonBlock title={t("run_output")} value={output} />}
    </>
  );
}
