"use client";

import { useTranslations } from "next-intl";
import type { BulkWhat } from "#src/contract/console.ts";

/** What an action on many goals does, in words. */
export function useWhatWords(): (what: BulkWhat) => string {
  const t = useTranslations("console_bulk");
  const effects = useTranslations("console_actions");
  return (what) => {
    if (what.kind === "failed") return t("what_failed");
    const effect = effects(`effects.${what.receiver}`);
    return what.only_failed ? t("what_receiver_failed", { effect }) : t("what_receiver_all", { effect });
  };
}
