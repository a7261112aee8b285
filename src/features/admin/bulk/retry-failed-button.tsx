"use client";

import { Button } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { GoalFilter } from "#src/contract/console.ts";
import { Mark } from "../goals/marks.tsx";
import { BulkDialog } from "./bulk-dialog.tsx";

/** Runs again whatever failed among all goals that the filter matches; first it says how much that is. */
export function RetryFailedButton({ filter }: { filter: GoalFilter }) {
  const t = useTranslations("console_bulk");
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button variant="light" leftSection={<Mark name="again" />} onClick={() => setOpened(true)}>
        {t("retry_failed")}
      </Button>
      {opened && <BulkDialog filter={filter} what={{ kind: "failed" }} onClose={() => setOpened(false)} />}
    </>
  );
}
