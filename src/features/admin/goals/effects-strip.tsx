"use client";

import { VisuallyHidden } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { GoalRow } from "#src/server/operations/console/goal-list.ts";
import { cellLooks, lookOf } from "../effects/cell.ts";
import classes from "./goals.module.css";

/** All thirteen effects of a goal at a glance: taller where something is wrong. In words for those who cannot see it. */
export function EffectsStrip({ row }: { row: GoalRow }) {
  const t = useTranslations("console_goals");
  const looks = row.effects.map(lookOf);
  const words = cellLooks
    .map((look) => [look, looks.filter((other) => other === look).length] as const)
    .filter(([look, count]) => count > 0 && look !== "none")
    .map(([look, count]) => t("strip_part", { look: t(`look.${look}`), count }));
  const label = words.length === 0 ? t("strip_nothing") : words.join(t("strip_comma"));
  return (
    <>
      <VisuallyHidden>{label}</VisuallyHidden>
      <span className={classes["strip"]} title={label} aria-hidden="true">
        {row.effects.map((effect, place) => (
          <span key={effect.effect} data-look={looks[place]} />
        ))}
      </span>
    </>
  );
}
