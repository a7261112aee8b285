"use client";

import { notifications } from "@mantine/notifications";
import { useTranslations } from "next-intl";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import type { GoalView } from "#src/server/operations/goal-view.ts";
import { changesBetween, nextFocus } from "./changes.ts";
import type { DeclineState } from "./decline.ts";

/** The id of the element that declines a goal. */
export const declineButtonId = (goalId: string) => `decline-${goalId}`;

/** One announcement. Ids grow. */
interface News {
  readonly id: number;
  readonly sentence: string;
}

/** How many announcements stay in the page. */
const kept = 10;

/**
 * Follows the invitations from reading to reading. Answers what is to be announced, the oldest first, and takes care that the
 * keyboard does not lose its place when a card leaves; `heading` gets it when no card is left.
 */
export function useChanges(
  invitations: readonly GoalView[] | undefined,
  states: ReadonlyMap<string, DeclineState>,
  heading: { readonly current: HTMLElement | null },
) {
  const t = useTranslations();
  const [news, setNews] = useState<readonly News[]>([]);
  const before = useRef<readonly GoalView[] | undefined>(undefined);
  const focused = useRef<string | null>(null);

  function wordsOfLeaving({ goal_id, viewer: { name } }: GoalView): string {
    const state = states.get(goal_id);
    if (state?.kind === "accepted") return t("studio.said_declined", { name });
    // The card took its error along, and the person has to know what became of the click.
    if (state?.kind === "failed") {
      notifications.show({
        color: "red",
        title: t("studio.decline_failed", { name }),
        message: t(`problems.${state.problem}`),
        autoClose: 10_000,
      });
    }
    return t("studio.said_left", { name });
  }

  const onReading = useEffectEvent((now: readonly GoalView[]) => {
    const last = before.current;
    before.current = now;
    if (last === undefined) return;
    const { arrived, left } = changesBetween(last, now);
    if (arrived.length + left.length === 0) return;
    const sentences = [
      ...left.map(wordsOfLeaving),
      ...arrived.map(({ viewer: { name } }) => t("studio.said_arrived", { name })),
    ];
    setNews((said) => {
      const next = (said.at(-1)?.id ?? 0) + 1;
      return [...said, ...sentences.map((sentence, place) => ({ id: next + place, sentence }))].slice(-kept);
    });
    const lost = focused.current;
    if (lost === null || !left.some(({ goal_id }) => goal_id === lost)) return;
    focused.current = null;
    if (document.activeElement !== document.body && document.activeElement !== null) return;
    const next = nextFocus(last, now, lost);
    (next === null ? heading.current : document.getElementById(declineButtonId(next)))?.focus();
  });

  useEffect(() => {
    if (invitations !== undefined) onReading(invitations);
  }, [invitations]);

  return { news, onFocus: (goalId: string | null) => void (focused.current = goalId) };
}
