"use client";

import { Skeleton, Stack, VisuallyHidden } from "@mantine/core";
import { useTranslations } from "next-intl";
import classes from "./studio.module.css";

/** Stands where the studio will be, in its measures. */
export function LoadingStudio() {
  const t = useTranslations("states");
  return (
    <Stack gap="xl" aria-busy="true">
      <VisuallyHidden>{t("loading")}</VisuallyHidden>
      <Skeleton height={28} maw={420} />
      <Skeleton height={52} />
      <div className={classes["grid"]}>
        {[1, 2, 3].map((card) => (
          <Skeleton key={card} height={212} />
        ))}
      </div>
    </Stack>
  );
}
