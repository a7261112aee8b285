"use client";

import { Box, Button, Stack, VisuallyHidden } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useTranslations } from "next-intl";
import type { GoalFilter } from "#src/contract/console.ts";
import { Empty, Failed, Loading, Stale } from "../../shell/states.tsx";
import { EffectsMatrix } from "../effects/effects-matrix.tsx";
import { MoreButton } from "../list/more-button.tsx";
import { partsSet } from "./filter-address.ts";
import type { Ways } from "./goal-head.tsx";
import classes from "./goals.module.css";
import { GoalCards, GoalsTable } from "./goals-table.tsx";
import { useKept } from "./kept.ts";
import { listSettings } from "./list-settings.ts";
import { Mark } from "./marks.tsx";
import type { GoalRows } from "./use-goal-rows.ts";

/** The goals that were read, in the view that is chosen; or why there are none. */
export function GoalsList({ list, ways }: { list: GoalRows; ways: Ways }) {
  const t = useTranslations("console_goals");
  const { columns, density } = useKept(listSettings);
  const isNarrow = useMediaQuery("(max-width: 61.99em)") ?? false;
  const { rows, problem, isFetching, readAgain, left, waiting, gap } = list;
  if (rows === undefined)
    return problem === null ? (
      <Loading rows={8} height={56} />
    ) : (
      <Failed problem={problem} onRetry={readAgain} busy={isFetching} />
    );
  return (
    <Stack gap="md">
      {problem !== null && <Stale problem={problem} onRetry={readAgain} busy={isFetching} />}
      <div aria-live="polite" className={classes["waiting"]}>
        {(waiting > 0 || gap) && (
          <Button
            size="sm"
            leftSection={<Mark name="up" size="1.1em" />}
            onClick={() => {
              list.showWaiting();
              window.scrollTo({ top: 0 });
            }}
          >
            {gap ? t("waiting_many") : t("waiting", { count: waiting })}
          </Button>
        )}
      </div>
      {rows.length === 0 ? (
        <Nothing filter={ways.filter} understood={list.understood} go={ways.go} />
      ) : (
        <Box aria-busy={list.isOld} className={classes["body"] ?? ""} data-old={list.isOld || undefined}>
          {list.isOld && <VisuallyHidden>{t("reading")}</VisuallyHidden>}
          {ways.view === "effects" ? (
            <EffectsMatrix rows={rows} left={left} ways={ways} density={density} />
          ) : isNarrow ? (
            <GoalCards rows={rows} left={left} columns={columns} ways={ways} />
          ) : (
            <GoalsTable rows={rows} left={left} columns={columns} ways={ways} density={density} />
          )}
        </Box>
      )}
      {rows.length > 0 && <MoreButton list={list} shown={rows.length} />}
    </Stack>
  );
}

function Nothing({
  filter,
  understood,
  go,
}: {
  filter: GoalFilter;
  understood: GoalFilter | null | undefined;
  go: (filter: GoalFilter) => void;
}) {
  const t = useTranslations("console_goals");
  if (partsSet(filter) === 0) return <Empty title={t("empty")}>{t("empty_help")}</Empty>;
  return (
    <Empty
      title={
        filter.q !== undefined && understood === null
          ? t("empty_words", { words: filter.q })
          : t("empty_filter")
      }
    >
      <span className={classes["emptyway"]}>
        {t(filter.q !== undefined && understood === null ? "empty_words_help" : "empty_filter_help")}
        <Button size="sm" variant="default" onClick={() => go({})}>
          {t("clear_filter")}
        </Button>
      </span>
    </Empty>
  );
}
