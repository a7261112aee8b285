"use client";

import { Badge } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { BulkStatus } from "#src/contract/console.ts";

const colors: Record<BulkStatus, string> = {
  awaiting_approval: "yellow",
  running: "blue",
  done: "green",
  stopped: "gray",
  rejected: "red",
};

/** How an action on many goals stands, in a word. */
export function BulkBadge({ status }: { status: BulkStatus }) {
  const t = useTranslations("console_bulk");
  return (
    <Badge variant="light" color={colors[status]} data-bulk-status={status}>
      {t(`status.${status}`)}
    </Badge>
  );
}
