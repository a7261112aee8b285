"use client";

import { useTranslations } from "next-intl";
import { useFormats } from "../../i18n/use-formats.ts";
import { Drawing, type IconName } from "../../shell/icons.tsx";
import classes from "./actions.module.css";
import { totalsOf } from "./group-lines.ts";
import type { PreviewPart } from "./preview-types.ts";

/** What the whole action comes to, at a glance: money, the database, open pages, caches. */
export function PreviewTotals({ parts }: { parts: readonly PreviewPart[] }) {
  const t = useTranslations("console_actions");
  const formats = useFormats();
  const { money, fields, pushes, caches } = totalsOf(parts);
  const moves = [...money].map(([currency, amount]) => formats.money(amount, currency));
  const tiles: readonly [
    name: "money" | "fields" | "pushes" | "caches",
    icon: IconName,
    value: string | null,
  ][] = [
    ["money", "out", moves.length === 0 ? null : moves.join(" + ")],
    ["fields", "receipt", fields === 0 ? null : t("total_of_fields", { count: fields })],
    ["pushes", "envelope", pushes === 0 ? null : t("total_of_pushes", { count: pushes })],
    ["caches", "minus", caches === 0 ? null : t("total_of_caches", { count: caches })],
  ];
  return (
    <dl className={classes["totals"]}>
      {tiles.map(([name, icon, value]) => (
        <div key={name} data-total={name} data-none={value === null || undefined}>
          <dt>
            <Drawing name={icon} />
            {t(`total_${name}`)}
          </dt>
          <dd>{value ?? t(`total_no_${name}`)}</dd>
        </div>
      ))}
    </dl>
  );
}
