"use client";

import { Group, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { adminChannel } from "#src/contract/channels.ts";
import { figureRanges } from "#src/contract/console.ts";
import { useTRPC } from "../../api/api-provider.tsx";
import { problemOf } from "../../api/problem.ts";
import { useFormats } from "../../i18n/use-formats.ts";
import { useNet } from "../../live/use-live-query.ts";
import { Failed, Loading, Stale } from "../../shell/states.tsx";
import { useAddress } from "../list/use-address.ts";
import { useHints } from "../list/use-hints.ts";
import { AttentionList } from "./attention.tsx";
import { Charts } from "./charts.tsx";
import { Latency } from "./latency.tsx";
import { Tiles } from "./tiles.tsx";
import classes from "./overview.module.css";

const hints = {
  channels: [adminChannel],
  events: ["goal.updated", "receiver.updated", "ledger.checked", "bulk.updated"],
} as const;
/** A decline hints some dozen times, and figures take a while to add up. */
const gap_ms = 5_000;

/** What moderators see first: what needs attention, then how the last hour, day or month went. */
export function Overview() {
  const t = useTranslations("console_overview");
  const formats = useFormats();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [address, change] = useAddress();
  const range = figureRanges.find((name) => name === address.get("range")) ?? "day";
  const options = trpc.admin.overview.queryOptions({ range });
  const readAgain = () => queryClient.invalidateQueries({ queryKey: options.queryKey });
  useHints(readAgain, hints, gap_ms);
  const net = useNet();
  const { data, error, isFetching, isPlaceholderData } = useQuery({
    ...options,
    placeholderData: (before) => before,
    refetchInterval: (query) => {
      const every_ms = net(query);
      return every_ms === false ? false : Math.max(every_ms, gap_ms);
    },
  });
  const trouble = error && {
    problem: problemOf(error),
    onRetry: () => void readAgain(),
    busy: isFetching,
  };
  return (
    <Stack gap="xl">
      <Group justify="space-between" gap="sm">
        <div>
          <Title order={1}>{t("title")}</Title>
          <Text size="sm" c="dimmed">
            {data === undefined ? t("reading") : t("as_of", { time: formats.timeOfDay(data.as_of) })}
          </Text>
        </div>
        <SegmentedControl
          aria-label={t("range")}
          className={classes["ranges"] ?? ""}
          data={figureRanges.map((value) => ({ value, label: t(`range_${value}`) }))}
          value={range}
          onChange={(value) => change({ range: value === "day" ? null : value })}
        />
      </Group>
      {trouble && data !== undefined && <Stale {...trouble} />}
      {data === undefined ? (
        trouble ? (
          <Failed {...trouble} />
        ) : (
          <Loading rows={4} height={140} />
        )
      ) : (
        <Stack gap="xl" aria-busy={isPlaceholderData}>
          <AttentionList attention={data.attention} />
          <Tiles figures={data} />
          <Charts figures={data} />
          <Latency figures={data} />
        </Stack>
      )}
    </Stack>
  );
}
