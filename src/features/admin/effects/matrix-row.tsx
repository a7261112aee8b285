"use client";

import { useTranslations } from "next-intl";
import Link from "next/link";
import { memo } from "react";
import type { GoalRow } from "#src/server/operations/console/goal-list.ts";
import { goalAddress } from "../goal/addresses.ts";
import { Age } from "../goals/age.tsx";
import { Mark } from "../goals/marks.tsx";
import { lookOf } from "./cell.ts";
import { EffectMark } from "./effect-mark.tsx";
import classes from "./effects.module.css";
import { actionColumn, goalColumn } from "./grid.ts";
import { beginsGroup } from "./matrix-head.tsx";

/** One goal with its effects, a cell each. Only the row that the keyboard is at knows where. */
export const MatrixRow = memo(function MatrixRow({
  row,
  left,
  spot,
  described,
  describedBy,
}: {
  row: GoalRow;
  left: boolean;
  spot: number | null;
  /** The column whose card is open, and the card's id. */
  described: number | null;
  describedBy: string;
}) {
  const t = useTranslations("console_goals");
  const effects = useTranslations("console_actions");
  const goal = useTranslations("goal");
  const reach = (column: number) => ({
    "data-spot": column,
    tabIndex: spot === column ? 0 : -1,
    "aria-describedby": described === column ? describedBy : undefined,
  });
  return (
    <tr data-goal={row.goal_id} data-left={left || undefined} data-trouble={row.trouble ?? undefined}>
      <th scope="row" className={classes["goal"]}>
        <Link
          href={goalAddress(row.goal_id)}
          prefetch={false}
          data-open-goal
          className={classes["people"]}
          {...reach(goalColumn)}
        >
          {t("people", { viewer: row.viewer.name, streamer: row.streamer.name })}
        </Link>
        <span className={classes["under"]}>
          {goal(row.state)} · <Age iso={row.ended ?? row.created} />
          {left && ` · ${t("left")}`}
        </span>
        <span className={classes["goalid"]}>{row.goal_id}</span>
      </th>
      {row.effects.map((effect, place) => {
        const look = lookOf(effect);
        return (
          <td key={effect.effect} data-begins={beginsGroup(effect.effect) || undefined}>
            <button
              type="button"
              className={classes["cell"]}
              data-effect={effect.effect}
              data-look={look}
              aria-label={t("cell", { effect: effects(`effects.${effect.effect}`), look: t(`look.${look}`) })}
              {...reach(place + 1)}
            >
              <span className={classes["tile"]} data-look={look}>
                <EffectMark look={look} />
              </span>
            </button>
          </td>
        );
      })}
      <td className={classes["actions"]}>
        <button
          type="button"
          className={classes["cell"]}
          aria-haspopup="dialog"
          aria-label={t("row_actions_of", { viewer: row.viewer.name, streamer: row.streamer.name })}
          {...reach(actionColumn)}
        >
          <Mark name="more" />
        </button>
      </td>
    </tr>
  );
});
