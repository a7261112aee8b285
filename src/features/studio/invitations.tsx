"use client";

import { useTranslations } from "next-intl";
import type { RefObject } from "react";
import type { GoalView } from "#src/server/operations/goal-view.ts";
import { Empty } from "../shell/states.tsx";
import type { Declines } from "./declines.ts";
import { type CardActions, InvitationCard } from "./invitation-card.tsx";
import classes from "./studio.module.css";

/** The invitations as cards, newest first. `onFocus` hears which card has the focus. */
export function Invitations({
  grid,
  shown,
  expired,
  declines,
  isLive,
  onFocus,
  onDecline,
  onUndo,
}: CardActions & {
  grid: RefObject<HTMLDivElement | null>;
  shown: readonly GoalView[];
  expired: ReadonlySet<string>;
  declines: Declines;
  isLive: boolean;
  onFocus: (goalId: string | null) => void;
}) {
  const t = useTranslations("studio");
  if (shown.length === 0)
    return <Empty title={t("no_invitations")}>{t(isLive ? "no_invitations_help" : "not_live_help")}</Empty>;
  return (
    <div
      ref={grid}
      className={classes["grid"]}
      onFocus={({ target }) =>
        onFocus(target.closest<HTMLElement>("article[data-goal]")?.dataset["goal"] ?? null)
      }
      onBlur={() => onFocus(null)}
    >
      {shown.map((view) => (
        <InvitationCard
          key={view.goal_id}
          view={view}
          decline={declines.get(view.goal_id)}
          isExpired={expired.has(view.goal_id)}
          onDecline={onDecline}
          onUndo={onUndo}
        />
      ))}
    </div>
  );
}
