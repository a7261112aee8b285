"use client";

import { useTranslations } from "next-intl";
import Link from "next/link";
import { useNow } from "../../shell/now.ts";
import { ConsoleIcon, type ConsoleIconName } from "./icons.tsx";
import { type LightState, lightState } from "./light-state.ts";
import type { Light } from "./use-light.ts";
import classes from "./light.module.css";

export const lightIcons: Record<LightState["kind"], ConsoleIconName> = {
  looking: "question",
  unchecked: "question",
  agrees: "agrees",
  breached: "breached",
  stale: "question",
};

/** The words of the conservation light. */
export function useLightWords(): (state: LightState) => string {
  const t = useTranslations("console");
  return (state) => {
    switch (state.kind) {
      case "looking":
        return t("light_looking");
      case "unchecked":
        return t("light_unchecked");
      case "agrees":
        return t("light_agrees");
      case "breached":
        return t("light_breached", { count: state.count });
      case "stale":
        return t("light_stale", { minutes: state.minutes });
    }
  };
}

/** The conservation light, on every page of the console: whether all money is where it belongs; leads to the ledger. */
export function LightPill({ light: { data, isError } }: { light: Light }) {
  const words = useLightWords();
  const t = useTranslations("console");
  const now = useNow();
  const state = lightState(data, now);
  // A light that cannot be read is not off: it says so.
  const unread = isError && data === undefined;
  return (
    <Link
      href="/admin/ledger"
      prefetch={false}
      className={classes["pill"]}
      data-light={unread ? "unread" : state.kind}
      title={t("light_help")}
    >
      <ConsoleIcon name={unread ? "question" : lightIcons[state.kind]} />
      <span aria-live="polite">{unread ? t("light_unread") : words(state)}</span>
    </Link>
  );
}
