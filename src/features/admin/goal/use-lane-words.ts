"use client";

import { useTranslations } from "next-intl";
import type { Lane } from "./lanes.ts";
import { useSpan } from "./use-span.ts";

/** What a line of the waterfall says in words: whose it is, how it stands, how long it took and how often it was tried. */
export interface LaneWords {
  readonly name: string;
  readonly status: string;
  readonly took: string;
  /** Null for the one attempt that everything has. */
  readonly attempts: string | null;
}

export function useLaneWords({ receiver, bar, again }: Lane): LaneWords {
  const t = useTranslations("console_goal");
  const effects = useTranslations("console_actions");
  const span = useSpan();
  const whose =
    receiver !== null
      ? effects(`effects.${receiver}`)
      : bar?.kind === "request" || bar?.kind === "task" || bar?.kind === "signal"
        ? t(`bar_${bar.kind}`)
        : "";
  return {
    name: again === 0 ? whose : t("again", { name: whose, count: again }),
    status: bar === null ? t("not_run") : t(`run_${bar.status}`),
    took: bar === null || bar.end === null ? "" : span(Date.parse(bar.end) - Date.parse(bar.start)),
    attempts: bar === null || bar.attempts < 2 ? null : t("attempts", { count: bar.attempts }),
  };
}
