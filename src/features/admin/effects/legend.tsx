"use client";

import { useTranslations } from "next-intl";
import { type CellLook, cellLooks } from "./cell.ts";
import { EffectMark } from "./effect-mark.tsx";
import classes from "./effects.module.css";

/** What the matrix's drawings mean. */
export function Legend() {
  const t = useTranslations("console_goals");
  return (
    <ul className={classes["legend"]} aria-label={t("legend")}>
      {cellLooks.map((look: CellLook) => (
        <li key={look}>
          <span className={classes["tile"]} data-look={look}>
            <EffectMark look={look} />
          </span>
          {t(`look.${look}`)}
        </li>
      ))}
    </ul>
  );
}
