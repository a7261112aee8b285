"use client";

import { Alert, Button, Group, Paper, Skeleton, Stack, Text, VisuallyHidden } from "@mantine/core";
import { useTranslations } from "next-intl";
import Link from "next/link";
import type { ReactNode } from "react";
import type { ClientProblem } from "../api/problem.ts";

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
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Paper withBorder p="lg">
      <Text fw={600}>{title}</Text>
      {children !== undefined && (
        <Text c="dimmed" size="sm" mt={4}>
          {children}
        </Text>
      )}
    </Paper>
  );
}

/** Says in words why something could not be read, and how to go on from there. */
export function Failed({
  problem,
  onRetry,
  busy,
}: {
  problem: ClientProblem;
  onRetry: () => void;
  busy: boolean;
}) {
  const t = useTranslations();
  return (
    <Alert color="red" title={t("states.failed")}>
      <Text size="sm">{t(`problems.${problem}`)}</Text>
      <Group mt="sm">
        {problem === "unauthenticated" ? (
          <Button component={Link} href="/sign-in" prefetch={false} size="xs">
            {t("sign_in.submit")}
          </Button>
        ) : (
          <Button size="xs" variant="default" loading={busy} onClick={onRetry}>
            {t("states.retry")}
          </Button>
        )}
      </Group>
    </Alert>
  );
}

/** Says that what is shown may be old, because the last reading failed. */
export function Stale({
  problem,
  onRetry,
  busy,
}: {
  problem: ClientProblem;
  onRetry: () => void;
  busy: boolean;
}) {
  const t = useTranslations();
  return (
    <Alert color="yellow" title={t("states.stale")}>
      <Group justify="space-between" gap="xs">
        <Text size="sm">{t(`problems.${problem}`)}</Text>
        <Button size="xs" variant="default" loading={busy} onClick={onRetry}>
          {t("states.retry")}
        </Button>
      </Group>
    </Alert>
  );
}
