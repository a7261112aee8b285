"use client";

import { Alert, Anchor, Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useTranslations } from "next-intl";
import Link from "next/link";
import type { GoalView } from "#src/server/operations/goal-view.ts";
import { Moment } from "../goals/moment.tsx";
import { useFormats } from "../i18n/use-formats.ts";
import type { DeclineState } from "./decline.ts";
import { declineButtonId } from "./use-changes.ts";

/** One invitation that waits for the streamer's answer. */
export function InvitationCard({
  view,
  state,
  onDecline,
}: {
  view: GoalView;
  state: DeclineState | undefined;
  onDecline: () => void;
}) {
  const t = useTranslations("studio");
  const formats = useFormats();
  const { name } = view.viewer;
  const failed = state?.kind === "failed" ? state : null;
  const busy = state !== undefined && failed === null;
  return (
    <Paper
      component="article"
      withBorder
      p="md"
      aria-label={t("invitation_of", { name })}
      data-goal={view.goal_id}
    >
      <Stack gap="sm" h="100%">
        <Group justify="space-between" align="baseline" gap="xs" wrap="nowrap">
          <Title order={3} size="h4" style={{ overflowWrap: "anywhere" }}>
            {name}
          </Title>
          <Text fw={700}>{formats.money(view.amount, view.currency)}</Text>
        </Group>
        <Stack gap={2} style={{ flexGrow: 1 }}>
          <Text size="sm">{t("prepaid", { duration: formats.minutes(view.prepaid_duration_s) })}</Text>
          <Text size="sm" c="dimmed">
            {t.rich("came", { time: () => <Moment iso={view.created} /> })}
          </Text>
          <Text size="sm" c="dimmed">
            {t.rich("stands_until", { time: () => <Moment iso={view.exp} /> })}
          </Text>
        </Stack>
        {failed !== null && <DeclineError name={name} failed={failed} />}
        {/* Not `disabled`: a disabled button would drop the keyboard's place in the page. */}
        <Button
          id={declineButtonId(view.goal_id)}
          color="red"
          variant="light"
          fullWidth
          aria-disabled={busy}
          data-disabled={busy}
          aria-label={t(state?.kind === "accepted" ? "declined_of" : busy ? "declining_of" : "decline_of", {
            name,
          })}
          onClick={() => {
            if (!busy) onDecline();
          }}
        >
          {t(state?.kind === "accepted" ? "declined" : busy ? "declining" : "decline")}
        </Button>
      </Stack>
    </Paper>
  );
}

function DeclineError({ name, failed }: { name: string; failed: Extract<DeclineState, { kind: "failed" }> }) {
  const t = useTranslations();
  return (
    <Alert color="red" title={t("studio.decline_failed", { name })} data-problem={failed.problem}>
      <Text size="sm">{t(`problems.${failed.problem}`)}</Text>
      {failed.retryAfter_s !== null && (
        <Text size="sm">{t("studio.retry_after", { seconds: failed.retryAfter_s })}</Text>
      )}
      {failed.problem === "unauthenticated" && (
        <Anchor component={Link} href="/sign-in" prefetch={false} size="sm">
          {t("sign_in.submit")}
        </Anchor>
      )}
    </Alert>
  );
}
