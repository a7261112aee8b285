"use client";

import { ActionIcon, UnstyledButton } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useId } from "react";
import type { GoalAction } from "#src/contract/console.ts";
import { Track } from "./axis.tsx";
import { BarDetails } from "./bar-details.tsx";
import type { Lane } from "./lanes.ts";
import { RetryDrawing } from "./retry-drawing.tsx";
import { StatusMark } from "./status-mark.tsx";
import type { Stretch } from "./time-scale.ts";
import { useLaneWords } from "./use-lane-words.ts";
import type { Extent } from "./use-waterfall-time.ts";
import classes from "./waterfall.module.css";

/** One line of the waterfall: whose work it is, its bar, how it stands; opened, what is known of it. */
export function BarRow({
  goalId,
  lane,
  stretches,
  extent,
  isOpen,
  isLast,
  onToggle,
  onZoom,
  onAct,
}: {
  goalId: string;
  lane: Lane;
  stretches: readonly Stretch[];
  extent: Extent | null;
  isOpen: boolean;
  /** The last run of its receiver: the one that running again follows. */
  isLast: boolean;
  onToggle: () => void;
  onZoom: (zoom: number, middle: number) => void;
  onAct: (action: GoalAction) => void;
}) {
  const t = useTranslations("console_goal");
  const words = useLaneWords(lane);
  const id = useId();
  const { bar, receiver } = lane;
  const status = bar?.status ?? "none";
  const content = (
    <>
      <span className={classes["name"]}>
        <StatusMark status={status} />
        <span className={classes["names"]}>
          <span className={classes["words"]}>{words.name}</span>
          <code className={classes["technical"]}>{lane.name}</code>
        </span>
      </span>
      <Track stretches={stretches} bar={extent && { status, ...extent }} />
      <span className={classes["figures"]}>
        <span className={classes["standing"]} data-status={status}>
          {words.status}
        </span>
        <span>{words.took}</span>
        {words.attempts !== null && <span>{words.attempts}</span>}
      </span>
    </>
  );
  return (
    <li
      className={classes["row"]}
      data-bar={lane.name}
      data-receiver={receiver ?? undefined}
      data-status={status}
      data-again={lane.again > 0 || undefined}
      data-open={isOpen || undefined}
    >
      <div className={classes["line"]}>
        {bar === null ? (
          <div className={classes["lane"]}>{content}</div>
        ) : (
          <UnstyledButton
            className={classes["lane"] ?? ""}
            aria-expanded={isOpen}
            aria-controls={isOpen ? id : undefined}
            onClick={onToggle}
          >
            {content}
          </UnstyledButton>
        )}
        {receiver !== null && isLast ? (
          <ActionIcon
            variant="subtle"
            color={status === "failed" ? "red" : "gray"}
            size="2.75rem"
            aria-label={t("retry_one", { effect: words.name })}
            title={t("retry_one", { effect: words.name })}
            onClick={() => onAct({ kind: "retry", receivers: [receiver] })}
          >
            <RetryDrawing />
          </ActionIcon>
        ) : (
          <span />
        )}
      </div>
      {isOpen && bar !== null && (
        <div id={id} className={classes["details"]}>
          <BarDetails
            goalId={goalId}
            bar={bar}
            onZoom={
              extent === null
                ? null
                : () =>
                    onZoom(
                      Math.max(1, 0.6 / Math.max(0.01, extent.to - extent.from)),
                      (extent.from + extent.to) / 2,
                    )
            }
            onAct={onAct}
          />
        </div>
      )}
    </li>
  );
}
