"use client";

import { notifications } from "@mantine/notifications";
import { useTranslations } from "next-intl";
import { useEffect, useEffectEvent, useRef } from "react";
import type { GoalView } from "#src/server/operations/goal-view.ts";
import type { Declines } from "./declines.ts";
import type { Outbox } from "./outbox.ts";

/** Says of each decline that the server refused that it did; where its card has gone, in a notification. */
export function useRefusals({
  declines,
  shown,
  gaveWay,
  say,
  outbox,
}: {
  declines: Declines;
  shown: readonly GoalView[];
  /** The invitations that gave way to something else; undefined before the first reading, when no card is there yet. */
  gaveWay: ReadonlySet<string> | undefined;
  say: (sentences: readonly string[]) => void;
  outbox: Outbox;
}) {
  const t = useTranslations();
  const said = useRef<ReadonlySet<object>>(new Set());
  const onChange = useEffectEvent(() => {
    const isShown = (goalId: string) => shown.some((view) => view.goal_id === goalId);
    const refused = [...declines.values()]
      .filter((one) => one.phase === "refused")
      // What is gone as it was meant to be is no failure. How it went is known from the reading that no longer has it.
      .filter(({ goal_id }) => gaveWay?.has(goal_id) !== true)
      .filter(({ goal_id, problem }) => problem !== "goal_not_active" || !isShown(goal_id));
    say(
      refused
        .filter((one) => !said.current.has(one))
        .map(({ name, problem }) => `${t("studio.decline_failed", { name })}. ${t(`problems.${problem}`)}`),
    );
    said.current = new Set(refused);
    for (const { goal_id, name, problem } of refused) {
      if (isShown(goal_id)) continue;
      notifications.show({
        color: "red",
        title: t("studio.decline_failed", { name }),
        message: t(`problems.${problem}`),
        autoClose: 10_000,
      });
      outbox.dispatch({ kind: "dismiss", goal_id });
    }
  });
  const isRead = gaveWay !== undefined;
  useEffect(() => {
    if (isRead) onChange();
  }, [declines, shown, isRead]);
}
