"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { EffectView, GoalRow } from "#src/server/operations/console/goal-list.ts";
import { EffectName } from "../actions/effect-name.tsx";
import { Age } from "../goals/age.tsx";
import { useFormats } from "../../i18n/use-formats.ts";
import { lookOf, sinceOf } from "./cell.ts";
import { EffectMark } from "./effect-mark.tsx";
import classes from "./effects.module.css";

/** How one effect of one goal stands, since when, at which attempt, and why. */
export function CellFacts({
  effect,
  row,
  children,
}: {
  effect: EffectView;
  row: GoalRow;
  children?: ReactNode;
}) {
  const t = useTranslations("console_goals");
  const formats = useFormats();
  const look = lookOf(effect);
  const since = sinceOf(effect);
  const took_ms =
    effect.started === null || effect.finished === null
      ? null
      : Math.max(0, Date.parse(effect.finished) - Date.parse(effect.started));
  return (
    <div className={classes["facts"]}>
      <div className={classes["factshead"]}>
        <span className={classes["tile"]} data-look={look}>
          <EffectMark look={look} />
        </span>
        <strong>{t(`look.${look}`)}</strong>
        {since !== null && (
          <span className={classes["since"]}>
            <Age iso={since} />
          </span>
        )}
      </div>
      <EffectName effect={effect.effect} />
      {look === "none" && (
        <p>
          {t(
            row.state === "pending" ? "none_pending" : row.state === "agreed" ? "none_agreed" : "none_begun",
          )}
        </p>
      )}
      {effect.runs > 0 && (
        <dl>
          <div>
            <dt>{t("runs")}</dt>
            {/* Servers count attempts from 0, people from 1. */}
            <dd>{t("runs_attempt", { runs: effect.runs, attempt: effect.attempt + 1 })}</dd>
          </div>
          {took_ms !== null && (
            <div>
              <dt>{t("took")}</dt>
              <dd>{formats.took(took_ms)}</dd>
            </div>
          )}
          {effect.started !== null && (
            <div>
              <dt>{t("started")}</dt>
              <dd>{formats.exactMoment(effect.started)}</dd>
            </div>
          )}
        </dl>
      )}
      {effect.reason !== null && <p className={classes["reason"]}>{effect.reason}</p>}
      {effect.error !== null && <p className={classes["error"]}>{effect.error}</p>}
      {children}
    </div>
  );
}
