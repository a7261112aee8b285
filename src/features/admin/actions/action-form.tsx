"use client";

import { Alert, Button, Group, Stack, Text, VisuallyHidden } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { adminChannel } from "#src/contract/channels.ts";
import { adminsOnly, type GoalAction } from "#src/contract/console.ts";
import { useTRPC } from "../../api/api-provider.tsx";
import { problemOf } from "../../api/problem.ts";
import { useLiveQuery, useNet } from "../../live/use-live-query.ts";
import { Drawing } from "../../shell/icons.tsx";
import { Failed, Loading, Stale } from "../../shell/states.tsx";
import { useConsoleCaller } from "../frame/caller.tsx";
import { useActionWords } from "./action-title.ts";
import classes from "./actions.module.css";
import { Done } from "./done.tsx";
import type { Preview } from "./preview-types.ts";
import { PreviewView } from "./preview-view.tsx";
import { refusalText } from "./refusal.ts";
import { isReason, ReasonField } from "./reason-field.tsx";
import { Unconfirmed } from "./unconfirmed.tsx";
import { useAct } from "./use-act.ts";

const channels = [adminChannel];
const events = ["receiver.updated", "goal.updated"] as const;

/** Preview, reason and confirmation of one action; afterwards what came of it. */
export function ActionForm({
  goalId,
  action,
  onClose,
  onDone,
}: {
  goalId: string;
  action: GoalAction;
  onClose: () => void;
  onDone: (() => void) | undefined;
}) {
  const t = useTranslations("console_actions");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { role } = useConsoleCaller();
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const isAllowed = role === "admin" || !adminsOnly.includes(action.kind);
  const options = trpc.admin.goals.preview.queryOptions({ goal_id: goalId, action });
  const acting = useAct(goalId, action, () => {
    void queryClient.invalidateQueries({ queryKey: trpc.admin.pathKey() });
    onDone?.();
  });
  useLiveQuery(options.queryKey, { channels, events });
  const net = useNet();
  // Read anew for each opening, and no more once the action is sent: what it changed is no preview.
  const preview = useQuery({
    ...options,
    gcTime: 0,
    enabled: isAllowed && acting.result === undefined,
    refetchInterval: net,
  });
  const summary = useSummary(preview.data);
  const readAgain = () => void queryClient.invalidateQueries({ queryKey: options.queryKey });

  if (acting.result !== undefined)
    return <Done goalId={goalId} action={action} acted={acting.result} onClose={onClose} />;
  if (!isAllowed)
    return (
      <Stack>
        <Alert color="yellow" title={t("admins_only")} icon={<Drawing name="lock" />}>
          {t("admins_only_help")}
        </Alert>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("close")}
          </Button>
        </Group>
      </Stack>
    );

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    setTried(true);
    if (isReason(reason)) acting.send(reason);
    else event.currentTarget.querySelector("textarea")?.focus();
  }

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t(`help_${action.kind}`)}
        </Text>
        {preview.error !== null && preview.data !== undefined && (
          <Stale problem={problemOf(preview.error)} onRetry={readAgain} busy={preview.isFetching} />
        )}
        {preview.data !== undefined ? (
          <PreviewView preview={preview.data} />
        ) : preview.error === null ? (
          <Loading rows={2} />
        ) : (
          <Failed problem={problemOf(preview.error)} onRetry={readAgain} busy={preview.isFetching} />
        )}
        <VisuallyHidden aria-live="polite">{summary}</VisuallyHidden>
        {preview.data?.refused === null || acting.isOpen ? (
          <Confirm
            action={action}
            acting={acting}
            reason={reason}
            onReason={setReason}
            tried={tried}
            onClose={onClose}
          />
        ) : (
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("close")}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}

function Confirm({
  action,
  acting,
  reason,
  onReason,
  tried,
  onClose,
}: {
  action: GoalAction;
  acting: ReturnType<typeof useAct>;
  reason: string;
  onReason: (reason: string) => void;
  tried: boolean;
  onClose: () => void;
}) {
  const t = useTranslations("console_actions");
  const { confirm } = useActionWords(action);
  return (
    <>
      <div className={classes["confirm"]}>
        <ReasonField value={reason} onChange={onReason} readOnly={acting.isOpen} showProblem={tried} />
      </div>
      <div className={classes["foot"]}>
        {acting.problem !== null && !acting.isPending && (
          <Unconfirmed problem={acting.problem} isOpen={acting.isOpen} />
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button type="submit" loading={acting.isPending} data-confirm>
            {acting.isOpen && !acting.isPending ? t("try_again") : confirm}
          </Button>
        </Group>
      </div>
      <VisuallyHidden aria-live="polite">{acting.isPending ? t("sending") : ""}</VisuallyHidden>
    </>
  );
}

/** The preview in one sentence, for those who hear the page: said when it comes, and whenever it changes. */
function useSummary(preview: Preview | undefined): string {
  const t = useTranslations("console_actions");
  if (preview === undefined) return "";
  if (preview.refused !== null) return `${t("refused")} ${t(refusalText(preview.refused))}`;
  const changes = preview.parts.reduce((sum, part) => sum + part.changes.length, 0);
  const unchanged = preview.parts.reduce((sum, part) => sum + part.unchanged.length, 0);
  return t("summary", { changes, unchanged });
}
