"use client";

import { Badge, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { memo } from "react";
import type { PairView } from "#src/server/operations/overviews.ts";
import { Clock } from "../goals/clock.tsx";
import { Moment } from "../goals/moment.tsx";
import { Empty } from "../shell/states.tsx";
import { useNow } from "../shell/now.ts";
import classes from "./studio.module.css";

/** The pairs of the session that are past their invitation: first who is in cooldown, the longest last. */
export const Pairs = memo(function Pairs({ pairs }: { pairs: readonly PairView[] }) {
  const t = useTranslations("studio");
  const shown = pairs.filter(({ state }) => state !== "pending").toSorted(byCooldown);
  if (shown.length === 0) return <Empty title={t("no_pairs")}>{t("no_pairs_help")}</Empty>;
  return (
    <ul className={classes["rows"]} aria-label={t("pairs")}>
      {shown.map((pair) => (
        <Pair key={pair.viewer.id} pair={pair} />
      ))}
    </ul>
  );
});

const cooldownOf = ({ state, cooldown_until }: PairView) => (state === "cooldown" ? cooldown_until : null);

function byCooldown(a: PairView, b: PairView): number {
  const [first, second] = [cooldownOf(a), cooldownOf(b)];
  if (first === null || second === null) return Number(first === null) - Number(second === null);
  return first.localeCompare(second);
}

function Pair({ pair }: { pair: PairView }) {
  const t = useTranslations("studio");
  const now = useNow();
  const { name } = pair.viewer;
  const until = pair.cooldown_until;
  // A cooldown ends by the clock alone: nobody writes anything then, and no hint comes.
  const cooling = pair.state === "cooldown" && until !== null && (now === null || Date.parse(until) > now);
  const state = pair.state === "cooldown" && !cooling ? "ended" : pair.state;
  return (
    <li className={classes["row"]} data-viewer={pair.viewer.id} data-pair={state}>
      <div>
        <Text fw={600}>{name}</Text>
        <Badge variant="light" color={cooling ? "yellow" : "gray"}>
          {t(`pair_${state}`)}
        </Badge>
      </div>
      {cooling && (
        <Text size="sm" component="div">
          {t.rich("cooldown_until", { time: () => <Moment iso={until} /> })}{" "}
          <Clock until={until} label={t("cooldown_clock", { name })} />
        </Text>
      )}
    </li>
  );
}
