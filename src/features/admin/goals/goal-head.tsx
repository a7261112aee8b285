"use client";

import { useTranslations } from "next-intl";
import Link from "next/link";
import type { GoalFilter } from "#src/contract/console.ts";
import type { GoalRow } from "#src/server/operations/console/goal-list.ts";
import { goalAddress } from "../goal/addresses.ts";
import { CopyId } from "./copy-id.tsx";
import type { GoalsView } from "./filter-address.ts";
import { FilterLink } from "./filter-link.tsx";
import classes from "./goals.module.css";

/** What a row needs to lead to other goals: the filter that is, and the way to another. */
export interface Ways {
  readonly filter: GoalFilter;
  readonly view: GoalsView;
  readonly go: (filter: GoalFilter) => void;
}

/** Whose goal it is, and which: names lead to their other goals, the id to the goal itself. */
export function GoalHead({ row, ways, left }: { row: GoalRow; ways: Ways; left: boolean }) {
  const t = useTranslations("console_goals");
  const { q: _searched, ...rest } = ways.filter;
  return (
    <div className={classes["head"]}>
      <span className={classes["people"]}>
        <FilterLink
          filter={{ ...rest, viewer: row.viewer.id }}
          view={ways.view}
          go={ways.go}
          className={classes["name"]}
          title={t("only_viewer", { name: row.viewer.name })}
        >
          {row.viewer.name}
        </FilterLink>
        <span aria-hidden="true" className={classes["arrow"]}>
          →
        </span>
        <FilterLink
          filter={{ ...rest, streamer: row.streamer.id }}
          view={ways.view}
          go={ways.go}
          className={classes["name"]}
          title={t("only_streamer", { name: row.streamer.name })}
        >
          {row.streamer.name}
        </FilterLink>
      </span>
      <span className={classes["idline"]}>
        <Link
          href={goalAddress(row.goal_id)}
          prefetch={false}
          className={classes["id"]}
          data-open-goal
          aria-label={t("open", {
            viewer: row.viewer.name,
            streamer: row.streamer.name,
            id: row.goal_id,
          })}
        >
          {row.goal_id}
        </Link>
        <CopyId id={row.goal_id} label={t("copy_id", { id: row.goal_id })} />
      </span>
      {left && <span className={classes["left"]}>{t("left")}</span>}
    </div>
  );
}
