"use client";

import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Mark } from "./brand.tsx";

/** Stands for a page that threw; it can be tried again in place. */
export function Broken({ onRetry }: { onRetry: () => void }) {
  const t = useTranslations("states");
  return (
    <Message title={t("broken")} text={t("broken_help")}>
      <Button onClick={onRetry}>{t("retry")}</Button>
    </Message>
  );
}

/** Stands for a page that there is not. */
export function NotFound() {
  const t = useTranslations("states");
  return <Message title={t("not_found")} text={t("not_found_help")} />;
}

function Message({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  const t = useTranslations("states");
  return (
    <Stack align="flex-start" gap="sm" py="xl" maw="36rem">
      <Mark size={48} />
      <Title order={1} mt="sm">
        {title}
      </Title>
      <Text c="dimmed">{text}</Text>
      <Group mt="md">
        {children}
        {/* A full load, which mends more than a change of pages does. */}
        <Button component="a" href="/" variant="default">
          {t("home")}
        </Button>
      </Group>
    </Stack>
  );
}
