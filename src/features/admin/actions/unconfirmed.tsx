"use client";

import { Alert, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { ClientProblem } from "../../api/problem.ts";
import { Drawing } from "../../shell/icons.tsx";

/** Says that an action was refused, or that nobody knows yet: then trying again is the way, and safe. */
export function Unconfirmed({ problem, isOpen }: { problem: ClientProblem; isOpen: boolean }) {
  const t = useTranslations("console_actions");
  const words = useTranslations("problems");
  return (
    <Alert
      role="alert"
      color={isOpen ? "yellow" : "red"}
      title={isOpen ? t("not_confirmed") : t("was_refused")}
      icon={<Drawing name="warning" />}
      data-problem={problem}
    >
      <Text size="sm">{words(problem)}</Text>
      {isOpen && <Text size="sm">{t("not_confirmed_help")}</Text>}
    </Alert>
  );
}
