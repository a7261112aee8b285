"use client";

import { Group, Title, VisuallyHidden } from "@mantine/core";
import { type ReactNode, useId } from "react";

/** A part of a page: a region that is named by its heading. */
export function Section({
  title,
  titleHidden = false,
  aside,
  children,
}: {
  title: string;
  /** For a page with one part, whose own heading says it: the part is still named to those who cannot see it. */
  titleHidden?: boolean;
  aside?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      {titleHidden ? (
        <VisuallyHidden component="h2" id={id}>
          {title}
        </VisuallyHidden>
      ) : (
        <Group justify="space-between" align="baseline" mb="sm" gap="xs">
          <Title order={2} size="h3" id={id} tabIndex={-1}>
            {title}
          </Title>
          {aside}
        </Group>
      )}
      {children}
    </section>
  );
}
