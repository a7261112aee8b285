"use client";

import { Badge, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { StudioOverview } from "#src/server/operations/overviews.ts";
import { Moment } from "../goals/moment.tsx";
import { formatClock } from "../i18n/formats.ts";
import { useNow } from "../shell/now.ts";
import classes from "./studio.module.css";

/** The session as it goes on: since when, for how long, and what is in it. */
export function SessionHeader({ overview }: { overview: StudioOverview }) {
  const t = useTranslations("studio");
  const now = useNow();
  const { session, invitations, pairs, history } = overview;
  if (session === null)
    return (
      <Text className={classes["session"] ?? ""} c="dimmed">
        {t("not_live")}
      </Text>
    );
  const cooling = pairs.filter(
    ({ state, cooldown_until }) =>
      state === "cooldown" && cooldown_until !== null && (now === null || Date.parse(cooldown_until) > now),
  ).length;
  const declined = history.filter(({ state }) => state === "declined").length;
  return (
    <dl className={classes["session"]} data-session={session.id}>
      <div>
        <dt>
          <Badge variant="light" color="green">
            {t("on_air")}
          </Badge>
        </dt>
        <dd>
          <span role="timer" aria-live="off" aria-label={t("on_air_for")}>
            {now === null ? "" : formatClock(now - Date.parse(session.created))}
          </span>
        </dd>
      </div>
      <div>
        <dt>{t("since")}</dt>
        <dd>
          <Moment iso={session.created} />
        </dd>
      </div>
      <Count name={t("count_waiting")} value={invitations.length} />
      <Count name={t("count_cooling")} value={cooling} />
      <Count name={t("count_declined")} value={declined} />
    </dl>
  );
}

function Count({ name, value }: { name: string; value: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
