"use client";

import { Button, Stack, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useRef } from "react";
import type { KeysetList } from "./use-keyset-list.ts";

/** The way to the next page of a list; says how much is shown, and when that is all. */
export function MoreButton({
  list: { hasMore, isFetchingMore, more },
  shown,
}: {
  list: Pick<KeysetList<unknown>, "hasMore" | "isFetchingMore" | "more">;
  shown: number;
}) {
  const t = useTranslations("console");
  const status = useRef<HTMLOutputElement>(null);
  return (
    <Stack gap="xs" align="center">
      <Text component="output" ref={status} tabIndex={-1} size="sm" c="dimmed">
        {hasMore ? t("shown", { count: shown }) : t("shown_all", { count: shown })}
      </Text>
      {hasMore && (
        <Button
          variant="default"
          loading={isFetchingMore}
          onClick={() => {
            // The button goes with the last page: the keyboard stays where it was, not at the top of the page.
            void more().then(() =>
              requestAnimationFrame(() => {
                if (document.activeElement === document.body) status.current?.focus();
              }),
            );
          }}
        >
          {t("more")}
        </Button>
      )}
    </Stack>
  );
}
