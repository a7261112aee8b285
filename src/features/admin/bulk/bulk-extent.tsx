"use client";

import { Alert } from "@mantine/core";
import { useLocale, useTranslations } from "next-intl";
import type { BulkPreview } from "#src/server/operations/console/bulk.ts";
import { useFormats } from "../../i18n/use-formats.ts";
import { Drawing } from "../../shell/icons.tsx";
import classes from "./bulk.module.css";

/** How much an action would touch: goals, single receivers, and the money in those goals; and what stands in its way. */
export function BulkExtent({
  preview,
}: {
  preview: Pick<BulkPreview, "goals" | "items" | "amounts"> & Partial<BulkPreview>;
}) {
  const t = useTranslations("console_bulk");
  const locale = useLocale();
  const formats = useFormats();
  return (
    <>
      <dl className={classes["extent"]} data-extent>
        <div data-goals={preview.goals}>
          <dt>{t("goals")}</dt>
          <dd>{preview.goals.toLocaleString(locale)}</dd>
        </div>
        <div data-items={preview.items}>
          <dt>{t("items")}</dt>
          <dd>{preview.items.toLocaleString(locale)}</dd>
        </div>
        <div>
          <dt>{t("amounts")}</dt>
          <dd>
            {preview.amounts.length === 0
              ? "–"
              : preview.amounts.map(({ amount, currency }) => (
                  <span key={currency}>{formats.money(amount, currency)}</span>
                ))}
          </dd>
        </div>
      </dl>
      {preview.too_many === true && (
        <Alert color="red" title={t("too_many")} icon={<Drawing name="warning" />}>
          {t("too_many_help")}
        </Alert>
      )}
      {preview.goals === 0 && (
        <Alert color="green" title={t("nothing")} icon={<Drawing name="check" />}>
          {t("nothing_help")}
        </Alert>
      )}
      {preview.needs_approval === true && preview.too_many !== true && (
        <Alert color="yellow" title={t("needs_approval")} icon={<Drawing name="lock" />} data-needs-approval>
          {t("needs_approval_help")}
        </Alert>
      )}
    </>
  );
}
