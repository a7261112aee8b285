"use client";

import { Stack, Textarea, UnstyledButton } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { auditReason } from "#src/contract/console.ts";
import classes from "./actions.module.css";
import { lastReasons } from "./last-reasons.ts";

const longest = 500;

/** Whether a reason is one that the audit log takes. */
export const isReason = (text: string): boolean => auditReason.safeParse(text).success;

/** Why somebody acts by hand, in a sentence, with the last ones offered. */
export function ReasonField({
  value,
  onChange,
  readOnly,
  showProblem,
}: {
  value: string;
  onChange: (reason: string) => void;
  readOnly: boolean;
  /** Whether to say what is wrong with it: only once somebody has tried to go on. */
  showProblem: boolean;
}) {
  const t = useTranslations("console_actions");
  const [offered] = useState(lastReasons);
  return (
    <Stack gap="xs">
      <Textarea
        label={t("reason")}
        description={t("reason_help")}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        readOnly={readOnly}
        required
        autosize
        minRows={2}
        maxRows={6}
        maxLength={longest}
        size="md"
        error={showProblem && !isReason(value) ? t("reason_problem") : null}
      />
      {offered.length > 0 && !readOnly && (
        <fieldset className={classes["offers"]}>
          <legend>{t("last_reasons")}</legend>
          {offered.map((reason) => (
            <UnstyledButton
              key={reason}
              className={classes["offer"] ?? ""}
              aria-pressed={value === reason}
              onClick={() => onChange(reason)}
            >
              {reason}
            </UnstyledButton>
          ))}
        </fieldset>
      )}
    </Stack>
  );
}
