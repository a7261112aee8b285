"use client";

import { VisuallyHidden } from "@mantine/core";
import { useTranslations } from "next-intl";
import { type EffectId, effectIds } from "#src/contract/console.ts";
import type { GoalRow } from "#src/server/operations/console/goal-list.ts";
import { lookOf } from "./cell.ts";
import classes from "./effects.module.css";

/** Where a new kind of effect begins: those that serve other goals, those that serve this one, and the refund's tasks. */
const begins: readonly EffectId[] = ["track_goals", "check_trigger_exclusive_goal_refundable"];

export const beginsGroup = (effect: EffectId): boolean => begins.includes(effect);

/** The columns' names, and how many goals of those shown are in trouble there. */
export function MatrixHead({
  rows,
  spot,
  active,
  describedBy,
}: {
  rows: readonly GoalRow[];
  /** The column that the keyboard is at, where it is at the head. */
  spot: number | null;
  /** The column whose cell is looked into. */
  active: number | null;
  describedBy: string | undefined;
}) {
  const t = useTranslations("console_goals");
  return (
    <thead>
      <tr>
        <th scope="col" className={classes["corner"]}>
          {t("column.goal")}
        </th>
        {effectIds.map((effect, place) => {
          const column = place + 1;
          const trouble = rows.filter((row) => {
            const found = row.effects[place];
            return found !== undefined && ["failed", "late"].includes(lookOf(found));
          }).length;
          return (
            <th key={effect} scope="col" data-begins={beginsGroup(effect) || undefined}>
              <HeadButton
                effect={effect}
                column={column}
                trouble={trouble}
                isAt={spot === column}
                isActive={active === column}
                describedBy={active === column ? describedBy : undefined}
              />
            </th>
          );
        })}
        <th scope="col">
          <VisuallyHidden>{t("row_actions")}</VisuallyHidden>
        </th>
      </tr>
    </thead>
  );
}

function HeadButton({
  effect,
  column,
  trouble,
  isAt,
  isActive,
  describedBy,
}: {
  effect: EffectId;
  column: number;
  /** How many of the goals shown are in trouble there. */
  trouble: number;
  isAt: boolean;
  isActive: boolean;
  describedBy: string | undefined;
}) {
  const t = useTranslations("console_goals");
  const effects = useTranslations("console_actions");
  return (
    <button
      type="button"
      data-spot={column}
      data-active={isActive || undefined}
      tabIndex={isAt ? 0 : -1}
      aria-haspopup="dialog"
      aria-describedby={describedBy}
    >
      <span className={classes["label"]}>{t(`short.${effect}`)}</span>
      <VisuallyHidden>
        {t("column_rest", { effect: effects(`effects.${effect}`), count: trouble })}
      </VisuallyHidden>
      <span className={classes["tally"]} aria-hidden="true">
        {trouble === 0 ? "" : trouble}
      </span>
    </button>
  );
}
