"use client";

import { Alert, Button, Group, Paper, Skeleton, Stack, Text, VisuallyHidden } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { ClientProblem } from "../api/problem.ts";
import { noteSessionEnded } from "../api/session.ts";
import { Drawing, type IconName } from "./icons.tsx";
import classes from "./states.module.css";

/** Stands where content will be, as tall as `rows` cards. */
export function Loading({ rows = 3, height = 96 }: { rows?: number; height?: number }) {
  const t = useTranslations("states");
  return (
    <Stack gap="sm" aria-busy="true">
      <VisuallyHidden>{t("loading")}</VisuallyHidden>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={height} />
      ))}
    </Stack>
  );
}

/** Says that there is nothing, and what would change that. */
export function Empty({
  title,
  icon = "envelope",
  children,
}: {
  title: string;
  icon?: IconName;
  children?: ReactNode;
}) {
  return (
    <Paper withBorder shadow="none" className={classes["empty"] ?? ""}>
      <span className={classes["emblem"]}>
        <Drawing name={icon} size="1.5rem" />
      </span>
      <div>
        <Text fw={600}>{title}</Text>
        {children !== undefined && (
          <Text c="dimmed" size="sm" mt={2}>
            {children}
          </Text>
        )}
      </div>
    </Paper>
  );
}

interface Trouble {
  readonly problem: ClientProblem;
  readonly onRetry: () => void;
  readonly busy: boolean;
}

/** Says in words why something could not be read, and how to go on from there. */
export function Failed({ problem, onRetry, busy }: Trouble) {
  const t = useTranslations();
  return (
    <Alert color="red" title={t("states.failed")} icon={<Drawing name="warning" />} data-problem={problem}>
      <Text size="sm">{t(`problems.${problem}`)}</Text>
      <Group mt="sm">
        <WayOut problem={problem} onRetry={onRetry} busy={busy} />
      </Group>
    </Alert>
  );
}

/** Says that what is shown may be old, because the last reading failed. */
export function Stale({ problem, onRetry, busy }: Trouble) {
  const t = useTranslations();
  return (
    <Alert color="yellow" title={t("states.stale")} icon={<Drawing name="warning" />} data-problem={problem}>
      <Group justify="space-between" gap="xs">
        <Text size="sm">{t(`problems.${problem}`)}</Text>
        <WayOut problem={problem} onRetry={onRetry} busy={busy} />
      </Group>
    </Alert>
  );
}

/** Where asking again is in vain, signing in again is what helps. */
function WayOut({ problem, onRetry, busy }: Trouble) {
  const t = useTranslations();
  return problem === "unauthenticated" ? (
    <Button size="sm" onClick={noteSessionEnded}>
      {t("sign_in.submit")}
    </Button>
  ) : (
    <Button size="sm" variant="default" loading={busy} onClick={onRetry}>
      {t("states.retry")}
    </Button>
  );
}
