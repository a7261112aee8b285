"use client";

import { Button } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useSyncExternalStore } from "react";
import { noteSessionEnded } from "../api/session.ts";
import type { ClientProblem } from "../api/problem.ts";
import { useFormats } from "../i18n/use-formats.ts";
import type { LiveState } from "../live/client.ts";
import { useLiveState } from "../live/live-provider.tsx";
import classes from "./studio.module.css";

function watchNetwork(changed: () => void): () => void {
  window.addEventListener("online", changed);
  window.addEventListener("offline", changed);
  return () => {
    window.removeEventListener("online", changed);
    window.removeEventListener("offline", changed);
  };
}

/** Whether the browser believes that it has a network. */
const useOnline = (): boolean =>
  useSyncExternalStore(
    watchNetwork,
    () => navigator.onLine,
    () => true,
  );

/** How far what is shown can be trusted, in one line that is always there. */
export function StatusLine({
  problem,
  readAt,
  busy,
  onRetry,
}: {
  /** Why the last reading failed; null when it did not. */
  problem: ClientProblem | null;
  /** When what is shown was read, in milliseconds since the epoch; 0 before the first reading. */
  readAt: number;
  busy: boolean;
  onRetry: () => void;
}) {
  const t = useTranslations();
  const formats = useFormats();
  const live = useLiveState();
  const isOnline = useOnline();
  const { mood, words } = describe();
  return (
    <div className={classes["status"]} data-status={mood}>
      <span className={classes["dot"]} aria-hidden="true" />
      <p>
        {/* Only what kind of trouble there is gets announced: the time changes with every look. */}
        <output>{words}</output>
        {mood !== "good" && readAt > 0 && (
          <> {t("studio.as_of", { time: formats.timeOfDay(new Date(readAt).toISOString()) })}</>
        )}
      </p>
      {problem === "unauthenticated" ? (
        <Button size="xs" onClick={noteSessionEnded}>
          {t("sign_in.submit")}
        </Button>
      ) : (
        problem !== null && (
          <Button size="xs" variant="default" loading={busy} onClick={onRetry}>
            {t("states.retry")}
          </Button>
        )
      )}
    </div>
  );

  function describe(): { mood: "good" | "waiting" | "bad"; words: string } {
    if (!isOnline) return { mood: "bad", words: t("studio.offline") };
    if (problem !== null) return { mood: "bad", words: `${t("states.stale")}. ${t(`problems.${problem}`)}` };
    return { mood: moods[live], words: t(`live.${live}_help`) };
  }
}

const moods: Record<LiveState, "good" | "waiting"> = {
  connecting: "good",
  live: "good",
  reconnecting: "waiting",
  polling: "waiting",
  offline: "waiting",
};
