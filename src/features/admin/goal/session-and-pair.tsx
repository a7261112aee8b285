"use client";

import { Anchor, Code, Paper, SimpleGrid, Title } from "@mantine/core";
import { useTranslations } from "next-intl";
import Link from "next/link";
import type { ReactNode } from "react";
import { Facts } from "../../goals/facts.tsx";
import { PlainValue } from "../actions/plain-value.tsx";
import type { Detail } from "./goal-types.ts";

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const invitationFields = ["trigger_exclusive_goal_ended", "trigger_exclusive_goal_cooldown"] as const;
const pairFields = [
  "created",
  "trigger_exclusive_goal_agreed",
  "trigger_exclusive_goal_ended",
  "trigger_exclusive_goal_cooldown",
  "exclusive_goal_ended",
] as const;

/** What the session remembers of this invitation, and the live pair of these two, with whose goal each now speaks of. */
export function SessionAndPair({ detail: { view, session, pair } }: { detail: Detail }) {
  const t = useTranslations("console_goal");
  const records = session?.["trigger_private_goals"];
  const record = isRecord(records) ? records[view.viewer.id] : undefined;
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="sm">
      <Card title={t("invitation_record")}>
        {session === null ? (
          t("session_gone")
        ) : (
          <Facts
            facts={[
              [
                t("session"),
                <Anchor
                  key="session"
                  component={Link}
                  prefetch={false}
                  href={`/admin/sessions/${view.session_id}`}
                >
                  {t("to_session")}
                </Anchor>,
              ],
              ...(isRecord(record)
                ? [
                    speaksOf(t("speaks_of"), record["goal"], view.goal_id, t("this_goal")),
                    ...invitationFields.map((field) => fact(field, t(`field_${field}`), record[field])),
                  ]
                : [[t("invitation_record"), t("no_record")] as const]),
            ]}
          />
        )}
      </Card>
      <Card title={t("pair")}>
        {pair === null ? (
          t("no_pair")
        ) : (
          <Facts
            facts={[
              speaksOf(t("speaks_of"), pair["trigger_exclusive_goal"], view.goal_id, t("this_goal")),
              ...pairFields.map((field) => fact(field, t(`field_${field}`), pair[field])),
            ]}
          />
        )}
      </Card>
    </SimpleGrid>
  );
}

const fact = (field: string, name: string, value: unknown) =>
  [name, <PlainValue key={field} value={value} />] as const;

/** A later invitation of the same two takes this one's place: then the record is not this goal's any more. */
const speaksOf = (name: string, goal: unknown, here: string, thisGoal: string) =>
  [
    name,
    goal === here ? (
      thisGoal
    ) : typeof goal === "string" ? (
      <Anchor key="goal" component={Link} prefetch={false} href={`/admin/goals/${goal}`}>
        <Code>{goal}</Code>
      </Anchor>
    ) : (
      <PlainValue key="goal" value={goal} />
    ),
  ] as const;

function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper withBorder p="md">
      <Title order={3} size="h5" mb="sm">
        {title}
      </Title>
      {children}
    </Paper>
  );
}
