"use client";

import { Code } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { EffectId } from "#src/contract/console.ts";
import classes from "./actions.module.css";

/** An effect in words that people understand, with its technical name, by which logs and Inngest know it. */
export function EffectName({ effect }: { effect: EffectId }) {
  const t = useTranslations("console_actions");
  return (
    <span className={classes["effect"]}>
      <span>{t(`effects.${effect}`)}</span>
      <Code className={classes["technical"] ?? ""}>{effect}</Code>
    </span>
  );
}
