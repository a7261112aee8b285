"use client";

import { useTranslations } from "next-intl";
import type { GoalRow } from "#src/server/operations/console/goal-list.ts";
import { effectsThat } from "../effects/cell.ts";
import { EffectMark } from "../effects/effect-mark.tsx";
import classes from "./goals.module.css";

/** What is wrong with a goal, in words: which effects failed, which are late; or that nothing is. */
export function TroubleWords({ row }: { row: GoalRow }) {
  const t = useTranslations("console_goals");
  const failed = effectsThat(row, "failed");
  const late = effectsThat(row, "late");
  const name = (effects: typeof failed) =>
    t("trouble_names", {
      name: effects[0] === undefined ? "" : t(`short.${effects[0].effect}`),
      more: effects.length - 1,
    });
  return (
    <span className={classes["trouble"]}>
      {failed.length > 0 && (
        <span data-trouble="failed">
          <EffectMark look="failed" />
          <span>{t("trouble_failed", { name: name(failed) })}</span>
        </span>
      )}
      {late.length > 0 && (
        <span data-trouble="late">
          <EffectMark look="late" />
          <span>{t("trouble_late", { name: name(late) })}</span>
        </span>
      )}
      {row.held_back && (
        <span data-trouble="held">
          <EffectMark look="waiting" />
          <span>{t("held_back")}</span>
        </span>
      )}
      {failed.length === 0 && late.length === 0 && !row.held_back && (
        <span className={classes["quiet"]}>{t("no_trouble")}</span>
      )}
    </span>
  );
}
