"use client";

import { Button, Group, Paper, Text, Title } from "@mantine/core";
import { useTranslations } from "next-intl";
import Link from "next/link";
import type { GoalView } from "#src/server/operations/goal-view.ts";
import { Clock } from "../goals/clock.tsx";
import { GoalBadge } from "../goals/goal-badge.tsx";
import { Moment } from "../goals/moment.tsx";
import { Money } from "../goals/money.tsx";
import { useFormats } from "../i18n/use-formats.ts";
import { Drawing } from "../shell/icons.tsx";
import { useNow } from "../shell/now.ts";
import { Steps } from "./steps.tsx";
import classes from "./me.module.css";

/** One of the viewer's own invitations: how it stands, where its money is, and its way so far. */
export function Invitation({ view, isNewest }: { view: GoalView; isNewest: boolean }) {
  const t = useTranslations("me");
  const formats = useFormats();
  const { name } = view.streamer;
  return (
    <Paper
      component="article"
      withBorder
      className={classes["card"] ?? ""}
      aria-label={t("invitation_to", { name })}
      data-goal={view.goal_id}
    >
      <div>
        <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
          <Title order={3} style={{ overflowWrap: "anywhere" }}>
            {name}
          </Title>
          <span aria-live="polite">
            <GoalBadge state={view.state} />
          </span>
        </Group>
        <div aria-live="polite">
          <Money view={view} size="lg" dated={false} />
        </div>
      </div>
      <Steps view={view} />
      {isNewest && <InviteAgain view={view} />}
      <div className={classes["foot"]}>
        <Text size="sm" c="dimmed">
          {t("prepaid", { duration: formats.minutes(view.prepaid_duration_s) })}
        </Text>
        <Button
          component={Link}
          href={`/me/receipts/${view.goal_id}`}
          prefetch={false}
          variant="light"
          size="sm"
          leftSection={<Drawing name="receipt" />}
          aria-label={t("receipt_of", { name })}
        >
          {t("receipt")}
        </Button>
      </div>
    </Paper>
  );
}

/** When the viewer may invite this streamer again, once the invitation has been declined. */
function InviteAgain({ view }: { view: GoalView }) {
  const t = useTranslations("me");
  const now = useNow();
  const until = view.cooldown_until;
  if (until === null || now === null) return null;
  const { name } = view.streamer;
  const cooling = Date.parse(until) > now;
  return (
    <Text
      component="div"
      size="sm"
      className={classes["again"] ?? ""}
      data-cooldown={cooling ? until : "over"}
    >
      <Drawing name={cooling ? "clock" : "check"} />
      {cooling ? (
        <span>
          {t.rich("cooldown_until", { name, time: () => <Moment iso={until} /> })}{" "}
          <Clock until={until} label={t("cooldown_clock", { name })} />
        </span>
      ) : (
        <span>{t("cooldown_over", { name })}</span>
      )}
    </Text>
  );
}
