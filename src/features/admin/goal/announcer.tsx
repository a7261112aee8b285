"use client";

import { VisuallyHidden } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import type { Detail } from "./goal-types.ts";
import { lanesOf } from "./lanes.ts";
import { useFormats } from "../../i18n/use-formats.ts";

/** Says to those who hear the page what has changed since it was last read: nothing of what was there at first. */
export function Announcer({ detail }: { detail: Detail }) {
  const t = useTranslations("console_goal");
  const effects = useTranslations("console_actions");
  const states = useTranslations("goal");
  const formats = useFormats();
  const known = useRef<ReadonlyMap<string, string> | null>(null);
  const [said, setSaid] = useState("");

  const tell = useEffectEvent(() => {
    const now = new Map<string, string>();
    const { view } = detail;
    now.set("state", states(view.state));
    now.set(
      "money",
      t("announce_money", { state: view.refund, amount: formats.money(view.amount, view.currency) }),
    );
    now.set("held", detail.held_back === null ? t("announce_not_held") : t("announce_held"));
    for (const { key, receiver, bar } of lanesOf(detail.timeline.bars, false)) {
      if (receiver !== null && bar !== null)
        now.set(key, `${effects(`effects.${receiver}`)}: ${t(`run_${bar.status}`)}`);
    }
    const before = known.current;
    known.current = now;
    if (before === null) return;
    const news = [...now].filter(([key, words]) => before.get(key) !== words).map(([, words]) => words);
    if (news.length > 0) setSaid(news.join(". "));
  });
  useEffect(() => tell(), [detail]);

  return (
    <VisuallyHidden aria-live="polite" data-announcer>
      {said}
    </VisuallyHidden>
  );
}
