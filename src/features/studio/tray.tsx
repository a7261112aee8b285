"use client";

import { Button } from "@mantine/core";
import { useTranslations } from "next-intl";
import { noteSessionEnded } from "../api/session.ts";
import type { Decline } from "./declines.ts";
import { Grace } from "./grace.tsx";
import classes from "./studio.module.css";

/**
 * What is on its way and has no card to say so: declines that could not be sent yet, and those in their grace whose
 * invitation has left the page.
 */
export function Tray({
  declines,
  onUndo,
  onSendNow,
}: {
  declines: readonly Decline[];
  onUndo: (goalId: string) => void;
  onSendNow: () => void;
}) {
  const t = useTranslations();
  if (declines.length === 0) return null;
  const waiting = declines.filter((one) => one.phase === "waiting");
  const isSignedOut = waiting.some((one) => one.problem === "unauthenticated");
  return (
    <section className={classes["tray"]} aria-label={t("studio.tray")}>
      <ul>
        {declines.map((one) => (
          <li key={one.goal_id} data-goal={one.goal_id} data-phase={one.phase}>
            <strong>{t("studio.decline_of_name", { name: one.name })}</strong>
            {one.phase === "waiting" && (
              <span>
                {t("studio.waiting")}
                {one.problem !== null && ` ${t(`problems.${one.problem}`)}`}
              </span>
            )}
            {one.phase === "grace" && (
              <>
                <Grace until={one.until} />
                <Button
                  size="xs"
                  aria-label={t("studio.undo_of", { name: one.name })}
                  onClick={() => onUndo(one.goal_id)}
                >
                  {t("studio.undo")}
                </Button>
              </>
            )}
          </li>
        ))}
      </ul>
      {waiting.length > 0 && (
        <Button variant="default" size="sm" onClick={isSignedOut ? noteSessionEnded : onSendNow}>
          {t(isSignedOut ? "sign_in.submit" : "studio.send_now")}
        </Button>
      )}
    </section>
  );
}
