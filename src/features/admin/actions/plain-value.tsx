"use client";

import { useTranslations } from "next-intl";
import { useFormats } from "../../i18n/use-formats.ts";

const isoMoment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

/** A value of a document as people read it: times in their zone, what is not set in words, the rest as JSON has it. */
export function PlainValue({ value }: { value: unknown }) {
  const t = useTranslations("console_actions");
  const formats = useFormats();
  if (value === null || value === undefined) return <em>{t("not_set")}</em>;
  if (typeof value === "string") {
    return isoMoment.test(value) ? (
      <time dateTime={value} title={value}>
        {formats.exactMoment(value)}
      </time>
    ) : (
      value
    );
  }
  return JSON.stringify(value);
}
