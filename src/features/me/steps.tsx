"use client";

import { Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { GoalView } from "#src/server/operations/goal-view.ts";
import { Moment } from "../goals/moment.tsx";
import { Drawing } from "../shell/icons.tsx";
import { stepsOf } from "./progress.ts";
import classes from "./me.module.css";

/** The way of an invitation and its money, step by step. */
export function Steps({ view }: { view: GoalView }) {
  const t = useTranslations("me");
  return (
    <ol className={classes["steps"]} aria-label={t("steps")}>
      {stepsOf(view).map(({ name, at, standing }) => (
        <Text
          key={name}
          component="li"
          size="sm"
          className={classes["step"] ?? ""}
          data-step={name}
          data-standing={standing}
          {...(standing === "current" && { "aria-current": "step" as const })}
        >
          <span className={classes["dot"]}>{standing === "done" && <Drawing name="check" />}</span>
          <span className={classes["name"]}>{t(`step_${name}`, { name: view.streamer.name })}</span>
          {at !== null && (
            <span className={classes["time"]}>
              {name === "waiting" || name === "refund_due" ? (
                t.rich(name === "waiting" ? "until" : "due", { time: () => <Moment iso={at} /> })
              ) : (
                <Moment iso={at} />
              )}
            </span>
          )}
        </Text>
      ))}
    </ol>
  );
}
