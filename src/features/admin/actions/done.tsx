"use client";

import { Alert, Anchor, Button, Code, Group, Stack, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { useEffect, useRef } from "react";
import type { GoalAction } from "#src/contract/console.ts";
import type { Acted } from "#src/server/operations/console/act.ts";
import { useFormats } from "../../i18n/use-formats.ts";
import { Drawing } from "../../shell/icons.tsx";
import { goalAddress } from "../goal/addresses.ts";
import classes from "./actions.module.css";

/** What an action has done: what it sent and moved, its entry in the audit log, and where to watch what follows. */
export function Done({
  goalId,
  action,
  acted,
  onClose,
}: {
  goalId: string;
  action: GoalAction;
  acted: Acted;
  onClose: () => void;
}) {
  const t = useTranslations("console_actions");
  const formats = useFormats();
  const said = useRef<HTMLDivElement>(null);
  // The button that was pressed is gone: the keyboard goes on where the answer is.
  useEffect(() => said.current?.focus(), []);
  const [eventId] = acted.event_ids;
  const receiver = action.kind === "retry" ? action.receivers[0] : undefined;
  const run = eventId !== undefined && receiver !== undefined ? { eventId, name: receiver } : undefined;
  return (
    <Stack gap="md" data-done>
      <Alert
        ref={said}
        tabIndex={-1}
        color="green"
        title={t(`done_${action.kind}`)}
        icon={<Drawing name="check" />}
      >
        <Text size="sm">
          {acted.moved !== null
            ? t("moved", { amount: formats.money(acted.moved.amount, acted.moved.currency) })
            : action.kind === "refund_now"
              ? t("moved_nothing")
              : t("done_help")}
        </Text>
      </Alert>
      {acted.event_ids.length > 0 && (
        <div>
          <Text size="sm" fw={600}>
            {t("sent", { count: acted.event_ids.length })}
          </Text>
          <ul className={classes["lines"]}>
            {acted.event_ids.map((id) => (
              <li key={id}>
                <Code className={classes["technical"] ?? ""}>{id}</Code>
              </li>
            ))}
          </ul>
        </div>
      )}
      <Text size="sm">
        {t("entry")}{" "}
        <Anchor
          component={Link}
          prefetch={false}
          href={`/admin/audit?target=goal:${goalId}&entry=${acted.audit_id}`}
          ff="monospace"
          className={classes["technical"] ?? ""}
        >
          {acted.audit_id}
        </Anchor>
      </Text>
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          {t("close")}
        </Button>
        <Button component={Link} prefetch={false} href={goalAddress(goalId, run)} onClick={onClose}>
          {t("watch")}
        </Button>
      </Group>
    </Stack>
  );
}
