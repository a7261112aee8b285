"use client";

import { Alert, Button, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { useMemo, useRef, useState } from "react";
import type { GoalFilter } from "#src/contract/console.ts";
import { useTRPC } from "../../api/api-provider.tsx";
import { useNet } from "../../live/use-live-query.ts";
import { RetryFailedButton } from "../bulk/retry-failed-button.tsx";
import { goalsAddress } from "./filter-address.ts";
import { FilterBar } from "./filter-bar.tsx";
import { FilterChips } from "./filter-chips.tsx";
import { namesIn } from "./filter-words.ts";
import classes from "./goals.module.css";
import { GoalsList } from "./goals-list.tsx";
import { KeysHelp } from "./keys-help.tsx";
import { ColumnsMenu, ExportLink, SortChoice } from "./list-tools.tsx";
import { Mark } from "./marks.tsx";
import { addressOfView } from "./saved-views.ts";
import { useGoalRows } from "./use-goal-rows.ts";
import { useGoalsAddress } from "./use-goals-address.ts";
import { useListKeys } from "./use-list-keys.ts";
import { ViewsBar } from "./views-bar.tsx";

/** How far down one reads, in pixels, for new goals to wait. */
const reading_px = 120;

/** All goals, live, by a filter that lives in the address; as a table, or as the matrix of their effects. */
export function GoalsPage() {
  const t = useTranslations("console_goals");
  const { filter, view, dropped, go } = useGoalsAddress();
  const searchField = useRef<HTMLInputElement>(null);
  const listBox = useRef<HTMLDivElement>(null);
  const [helps, setHelps] = useState(false);
  const isReading = () => {
    const list = listBox.current;
    const scrolled = list?.querySelector("[data-scroller]")?.scrollTop ?? 0;
    return Math.max(window.scrollY, scrolled) > reading_px || list?.contains(document.activeElement) === true;
  };
  const list = useGoalRows(filter, isReading);
  useListKeys(listBox, {
    search: () => searchField.current?.select(),
    help: () => setHelps(true),
  });
  const isNarrow = useMediaQuery("(max-width: 47.99em)") ?? false;
  const ways = useMemo(() => ({ filter, view, go }), [filter, view, go]);
  return (
    <Stack gap="md">
      <div className={classes["titleline"]}>
        <div className={classes["titlewords"]}>
          <Title order={1}>{t("title")}</Title>
          <Count filter={filter} />
        </div>
        <SegmentedControl
          aria-label={t("view_switch")}
          classNames={{ label: classes["segment"] ?? "" }}
          value={view}
          data={(["table", "effects"] as const).map((value) => ({
            value,
            label: (
              <span className={classes["viewswitch"]}>
                <Mark name={value === "table" ? "table" : "matrix"} size="1.1em" />
                {t(`view_${value}`)}
              </span>
            ),
          }))}
          onChange={(value) => go(filter, value === "effects" ? "effects" : "table")}
        />
      </div>
      <div className={classes["tools"]}>
        <ViewsBar
          ways={{
            ...ways,
            toView: (saved) => window.history.pushState(null, "", addressOfView(saved)),
          }}
        />
        <div className={classes["toolset"]}>
          <RetryFailedButton filter={filter} />
          {!isNarrow && <SortChoice filter={filter} go={go} />}
          <ColumnsMenu withColumns={view === "table"} />
          <ExportLink filter={filter} />
          <Button
            variant="default"
            className={classes["keysbutton"] ?? ""}
            aria-label={t("keys")}
            title={t("keys")}
            onClick={() => setHelps(true)}
          >
            <Mark name="keyboard" />
          </Button>
        </div>
      </div>
      <FilterBar filter={filter} go={go} searchField={searchField} />
      {dropped.length > 0 && (
        <Alert
          color="yellow"
          title={t("dropped")}
          withCloseButton
          closeButtonLabel={t("close")}
          onClose={() => window.history.replaceState(null, "", goalsAddress(filter, view))}
          data-dropped
        >
          {t("dropped_help", { parts: dropped.join(", ") })}
        </Alert>
      )}
      <FilterChips filter={filter} understood={list.understood} names={namesIn(list.rows ?? [])} go={go} />
      <div ref={listBox}>
        <GoalsList list={list} ways={ways} />
      </div>
      <KeysHelp opened={helps} onClose={() => setHelps(false)} />
    </Stack>
  );
}

/** How many goals match; beyond ten thousand nobody counts. Said when it changes. */
function Count({ filter }: { filter: GoalFilter }) {
  const t = useTranslations("console_goals");
  const locale = useLocale();
  const trpc = useTRPC();
  const { data } = useQuery({
    ...trpc.admin.goals.count.queryOptions({ filter }),
    placeholderData: keepPreviousData,
    refetchInterval: useNet(),
  });
  return (
    <Text component="output" className={classes["count"] ?? ""} data-count={data?.count}>
      {data === undefined
        ? " "
        : t("count", {
            count: data.count,
            number: `${data.count.toLocaleString(locale)}${data.capped ? "+" : ""}`,
          })}
    </Text>
  );
}
