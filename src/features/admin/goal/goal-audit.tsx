"use client";

import { Anchor, Stack } from "@mantine/core";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { Empty } from "../../shell/states.tsx";
import { AuditEntry } from "../audit/audit-entry.tsx";
import type { Detail } from "./goal-types.ts";

/** What was done to this goal by hand. */
export function GoalAudit({ goalId, entries }: { goalId: string; entries: Detail["audit"] }) {
  const t = useTranslations("console_goal");
  if (entries.length === 0) return <Empty title={t("no_audit")} icon="receipt" />;
  return (
    <Stack gap="sm">
      {entries.map((entry) => (
        <AuditEntry key={entry.id} entry={entry} here={`goal:${goalId}`} />
      ))}
      <Anchor component={Link} prefetch={false} href={`/admin/audit?target=goal:${goalId}`}>
        {t("to_audit")}
      </Anchor>
    </Stack>
  );
}
