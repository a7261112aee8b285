"use client";

import { Badge, Button } from "@mantine/core";
import { useTranslations } from "next-intl";
import { memo } from "react";
import type { GoalView } from "#src/server/operations/goal-view.ts";
import { Moment } from "../goals/moment.tsx";
import { useFormats } from "../i18n/use-formats.ts";
import type { Decline } from "./declines.ts";
import { Grace } from "./grace.tsx";
import classes from "./studio.module.css";
import { TimeLeft } from "./time-left.tsx";

/** The id of the card of a goal. */
export const cardId = (goalId: string) => `invitation-${goalId}`;

/** What a card can ask for. Always the same functions, so that a card draws only when its own matters change. */
export interface CardActions {
  readonly onDecline: (view: GoalView) => void;
  readonly onUndo: (goalId: string) => void;
}

/** One invitation that waits for the streamer's answer, with what has become of a decline so far. */
export const InvitationCard = memo(function InvitationCard({
  view,
  decline,
  isExpired,
  onDecline,
  onUndo,
}: CardActions & { view: GoalView; decline: Decline | undefined; isExpired: boolean }) {
  const t = useTranslations("studio");
  const formats = useFormats();
  const { name } = view.viewer;
  const open = decline?.phase === "refused" ? undefined : decline;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the arrow keys go from card to card
    <article
      id={cardId(view.goal_id)}
      tabIndex={-1}
      className={classes["card"]}
      aria-label={t("invitation_of", { name })}
      data-goal={view.goal_id}
      data-phase={open?.phase}
      data-expired={isExpired || undefined}
    >
      <div className={classes["head"]}>
        <h3 className={classes["name"]}>{name}</h3>
        <span className={classes["amount"]}>{formats.money(view.amount, view.currency)}</span>
      </div>
      <dl className={classes["facts"]}>
        <dt>{t("prepaid")}</dt>
        <dd>{formats.minutes(view.prepaid_duration_s)}</dd>
        <dt>{t("came")}</dt>
        <dd>
          <Moment iso={view.created} />
        </dd>
        <dt>{t("time_left")}</dt>
        <dd>
          {isExpired ? (
            <Badge variant="light" color="gray" data-state="expired">
              {t("expired")}
            </Badge>
          ) : (
            <TimeLeft until={view.exp} label={t("time_left_of", { name })} />
          )}
        </dd>
      </dl>
      {decline?.phase === "refused" && <Refused name={name} problem={decline.problem} />}
      <div className={classes["foot"]}>
        <State decline={open} isExpired={isExpired} />
        <Answer view={view} decline={open} isExpired={isExpired} onDecline={onDecline} onUndo={onUndo} />
      </div>
    </article>
  );
});

function Refused({
  name,
  problem,
}: {
  name: string;
  problem: Extract<Decline, { phase: "refused" }>["problem"];
}) {
  const t = useTranslations();
  return (
    <p className={classes["problem"]} data-problem={problem}>
      <strong>{t("studio.decline_failed", { name })}</strong>
      {t(`problems.${problem}`)}
    </p>
  );
}

/** The line above the button. It is there in every state, so that the card keeps its height. */
function State({ decline, isExpired }: { decline: Decline | undefined; isExpired: boolean }) {
  const t = useTranslations("studio");
  if (decline?.phase === "grace") return <Grace key={decline.until} until={decline.until} />;
  return <p className={classes["said"]}>{words()}</p>;

  function words(): string {
    switch (decline?.phase) {
      case "sending":
        return t("being_sent");
      case "accepted":
        return t("being_confirmed");
      case "waiting":
        return t("waiting");
      case "grace":
      case "refused":
      case undefined:
        return isExpired ? t("expired_help") : "";
    }
  }
}

/** One button in one place in every state: the keyboard never loses it. */
function Answer({
  view,
  decline,
  isExpired,
  onDecline,
  onUndo,
}: CardActions & { view: GoalView; decline: Decline | undefined; isExpired: boolean }) {
  const t = useTranslations("studio");
  const { name } = view.viewer;
  const isGrace = decline?.phase === "grace";
  const isIdle = decline === undefined && !isExpired;
  const [text, label] = words();
  return (
    // Not `disabled`: a disabled button would drop the keyboard's place in the page.
    <Button
      {...(isIdle && { color: "red" })}
      variant={isGrace ? "filled" : isIdle ? "light" : "default"}
      fullWidth
      aria-disabled={!isIdle && !isGrace}
      data-disabled={!isIdle && !isGrace}
      aria-label={label}
      // The second click of a double click, or a key held down, is no second thought.
      onClick={(event) => {
        if (event.detail > 1) return;
        if (isGrace) onUndo(view.goal_id);
        else if (isIdle) onDecline(view);
      }}
      onKeyDown={(event) => {
        if (event.repeat && (event.key === "Enter" || event.key === " ")) event.preventDefault();
      }}
    >
      {text}
    </Button>
  );

  function words(): readonly [text: string, label: string] {
    switch (decline?.phase) {
      case "grace":
        return [t("undo"), t("undo_of", { name })];
      case "sending":
        return [t("declining"), t("declining_of", { name })];
      case "waiting":
        return [t("declined_waiting"), t("declined_waiting_of", { name })];
      case "accepted":
        return [t("declined"), t("declined_of", { name })];
      case "refused":
      case undefined:
        return isExpired
          ? [t("expired"), t("expired_of", { name })]
          : [t("decline"), t("decline_of", { name })];
    }
  }
}
