"use client";

import { useTranslations } from "next-intl";
import { type RefObject, useEffect, useEffectEvent, useRef } from "react";
import type { GoalView } from "#src/server/operations/goal-view.ts";
import { changesBetween, nextFocus } from "./changes.ts";
import { cardId } from "./invitation-card.tsx";

/**
 * Follows the invitations from showing to showing: says who has come and who has gone, and takes care that the keyboard
 * does not lose its place when a card leaves; `heading` gets it when no card is left. `isOwn` tells whose leaving is
 * this page's doing.
 */
export function useChanges(
  shown: readonly GoalView[] | undefined,
  {
    say,
    isOwn,
    heading,
  }: {
    say: (sentences: readonly string[]) => void;
    isOwn: (goalId: string) => boolean;
    heading: RefObject<HTMLElement | null>;
  },
) {
  const t = useTranslations("studio");
  const before = useRef<readonly GoalView[] | undefined>(undefined);
  const focused = useRef<string | null>(null);

  function wordsOfLeaving({ goal_id, exp, viewer: { name } }: GoalView): string[] {
    if (isOwn(goal_id)) return [t("said_declined", { name })];
    // That its time ran out has been said when it did.
    return Date.parse(exp) <= Date.now() ? [] : [t("said_left", { name })];
  }

  const onShown = useEffectEvent((now: readonly GoalView[]) => {
    const last = before.current;
    before.current = now;
    if (last === undefined) return;
    const { arrived, left } = changesBetween(last, now);
    if (arrived.length + left.length === 0) return;
    say([
      ...left.flatMap(wordsOfLeaving),
      ...arrived.map(({ viewer: { name } }) => t("said_arrived", { name })),
    ]);
    const lost = focused.current;
    if (lost === null || !left.some(({ goal_id }) => goal_id === lost)) return;
    focused.current = null;
    if (document.activeElement !== document.body && document.activeElement !== null) return;
    const next = nextFocus(last, now, lost);
    (next === null ? heading.current : document.getElementById(cardId(next)))?.focus();
  });

  useEffect(() => {
    if (shown !== undefined) onShown(shown);
  }, [shown]);

  return { onFocus: (goalId: string | null) => void (focused.current = goalId) };
}
