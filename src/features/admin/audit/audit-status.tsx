"use client";

import { Badge } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { AuditStatus } from "#src/contract/console.ts";
import { Drawing, type IconName } from "../../shell/icons.tsx";

const looks: Record<AuditStatus, readonly [color: string, icon: IconName]> = {
  intended: ["yellow", "clock"],
  completed: ["green", "check"],
  refused: ["gray", "cross"],
  lapsed: ["red", "warning"],
};

/** How far an action by hand has come, in a word. */
export function AuditStatusBadge({ status }: { status: AuditStatus }) {
  const t = useTranslations("console_audit");
  const [color, icon] = looks[status];
  return (
    <Badge
      variant="light"
      color={color}
      leftSection={<Drawing name={icon} size="0.875rem" />}
      data-status={status}
    >
      {t(`status_${status}`)}
    </Badge>
  );
}
