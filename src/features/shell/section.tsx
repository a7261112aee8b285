"use client";

import { Group, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";

/** A part of a page: a region that is named by its heading. */
export function Section({
  title,
  aside,
  children,
}: {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <Group justify="space-between" align="baseline" mb="xs" gap="xs">
        <Title order={2} size="h3" id={id} tabIndex={-1}>
          {title}
        </Title>
        {aside}
      </Group>
      {children}
    </section>
  );
}
