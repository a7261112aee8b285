"use client";

import { useTranslations } from "next-intl";
import type { GoalAction } from "#src/contract/console.ts";

/** What an action is called, and what pressing its button does, in a few words. */
export function useActionWords(action: GoalAction): { readonly title: string; readonly confirm: string } {
  const t = useTranslations("console_actions");
  if (action.kind !== "retry") return { title: t(`title_${action.kind}`), confirm: t(`do_${action.kind}`) };
  const [first] = action.receivers;
  const count = action.receivers.length;
  return {
    title:
      count === 1 && first !== undefined
        ? t("title_retry_one", { effect: t(`effects.${first}`) })
        : t("title_retry", { count }),
    confirm: t("do_retry", { count }),
  };
}
