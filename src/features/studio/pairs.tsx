"use client";

import { Badge, Group, Paper, Stack, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { PairView } from "#src/server/operations/overviews.ts";
import { Clock } from "../goals/clock.tsx";
import { Moment } from "../goals/moment.tsx";
import { Empty } from "../shell/states.tsx";
import { useNow } from "../shell/now.ts";

/** The pairs of the session that are past their invitation; above all, who is in cooldown and until when. */
export function Pairs({ pairs }: { pairs: readonly PairView[] }) {
  const t = useTranslations("studio");
  const shown = pairs.filter(({ state }) => state !== "pending");
  if (shown.length === 0) return <Empty title={t("no_pairs")}>{t("no_pairs_help")}</Empty>;
  return (
    <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: "none" }} aria-label={t("pairs")}>
      {shown.map((pair) => (
        <Pair key={pair.viewer.id} pair={pair} />
      ))}
    </Stack>
  );
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
    <Paper component="li" withBorder p="sm" data-viewer={pair.viewer.id} data-pair={state}>
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Text fw={600}>{name}</Text>
          <Badge variant="light" color={cooling ? "yellow" : "gray"}>
            {t(`pair_${state}`)}
          </Badge>
        </Group>
        {cooling && (
          <Text size="sm" component="div">
            {t.rich("cooldown_until", { time: () => <Moment iso={until} /> })}{" "}
            <Clock until={until} label={t("cooldown_clock", { name })} />
          </Text>
        )}
      </Group>
    </Paper>
  );
}
