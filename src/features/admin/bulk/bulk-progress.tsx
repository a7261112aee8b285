"use client";

import { useLocale, useTranslations } from "next-intl";
import type { BulkView } from "#src/server/operations/console/bulk.ts";
import classes from "./bulk.module.css";
import { progressOf, progressParts } from "./progress.ts";

/** How far an action has come: a bar of its runs by how they stand, and the same in words and numbers. */
export function BulkProgress({ bulk, withWords = true }: { bulk: BulkView; withWords?: boolean }) {
  const t = useTranslations("console_bulk");
  const locale = useLocale();
  const parts = progressOf(bulk);
  const asked = bulk.items - parts.unsent;
  return (
    <div className={classes["progress"]}>
      <div
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- the tag shows one length, not what it is made of
        role="progressbar"
        aria-label={t("progress")}
        aria-valuemin={0}
        aria-valuemax={bulk.items}
        aria-valuenow={asked}
        aria-valuetext={t("progress_of", { asked, items: bulk.items })}
        className={classes["meter"]}
      >
        {progressParts.map((part) =>
          parts[part] === 0 ? null : <span key={part} data-part={part} style={{ flexGrow: parts[part] }} />,
        )}
      </div>
      {withWords && (
        <>
          <p className={classes["asked"]}>{t("progress_of", { asked, items: bulk.items })}</p>
          <ul className={classes["tally"]}>
            {progressParts.map((part) =>
              parts[part] === 0 && part !== "failed" ? null : (
                <li key={part} data-part={part} data-count={parts[part]}>
                  <span className={classes["swatch"]} data-part={part} />
                  {t(`part.${part}`)} <strong>{parts[part].toLocaleString(locale)}</strong>
                </li>
              ),
            )}
          </ul>
        </>
      )}
    </div>
  );
}
