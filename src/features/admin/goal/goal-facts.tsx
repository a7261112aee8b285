"use client";

import { Anchor, Code, Paper } from "@mantine/core";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { Facts } from "../../goals/facts.tsx";
import { Moment } from "../../goals/moment.tsx";
import { useFormats } from "../../i18n/use-formats.ts";
import { Section } from "../../shell/section.tsx";
import type { Detail } from "./goal-types.ts";

/** Who, what and when, with the ways to everything else of these people. */
export function GoalFacts({ detail: { view } }: { detail: Detail }) {
  const t = useTranslations("console_goal");
  const formats = useFormats();
  const moment = (iso: string | null) => (iso === null ? t("nothing") : <Moment iso={iso} exact />);
  const person = (side: "viewer" | "streamer") => (
    <Anchor key={side} component={Link} prefetch={false} href={`/admin/goals?${side}=${view[side].id}`}>
      {view[side].name} <Code>{view[side].id}</Code>
    </Anchor>
  );
  return (
    <Section title={t("facts")}>
      <Paper withBorder p="md">
        <Facts
          facts={[
            [t("viewer"), person("viewer")],
            [t("streamer"), person("streamer")],
            [t("goal"), <Code key="goal">{view.goal_id}</Code>],
            [
              t("session"),
              <Anchor
                key="session"
                component={Link}
                prefetch={false}
                href={`/admin/sessions/${view.session_id}`}
              >
                <Code>{view.session_id}</Code>
              </Anchor>,
            ],
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
  );
}
