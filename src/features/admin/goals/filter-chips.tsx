"use client";

import { useTranslations } from "next-intl";
import type { GoalFilter } from "#src/contract/console.ts";
import { Drawing } from "../../shell/icons.tsx";
import { changeFilter } from "./filter-address.ts";
import { useFilterWords } from "./filter-words.ts";
import classes from "./goals.module.css";

/**
 * What the list is narrowed by, a chip each, to be taken away one by one or all at once; and what the words were taken
 * for.
 */
export function FilterChips({
  filter,
  understood,
  names,
  go,
}: {
  filter: GoalFilter;
  understood: GoalFilter | null | undefined;
  names: ReadonlyMap<string, string>;
  go: (filter: GoalFilter) => void;
}) {
  const t = useTranslations("console_goals");
  const wordsOf = useFilterWords();
  const parts = wordsOf(filter, names);
  if (parts.length === 0) return null;
  const taken =
    filter.q === undefined || understood == null
      ? []
      : wordsOf(understood, names).filter(
          ({ name }) =>
            (name === "viewer" || name === "streamer" || name === "session") && filter[name] === undefined,
        );
  const isGoal = filter.q !== undefined && understood?.q !== undefined;
  return (
    <ul className={classes["chips"]} aria-label={t("narrowed_by")}>
      {parts.map(({ name, words }) => (
        <li key={name}>
          <button
            type="button"
            className={classes["chip"]}
            aria-label={t("take_away", { part: words })}
            onClick={() => go(changeFilter(filter, { [name]: undefined }))}
          >
            <span>{words}</span>
            <Drawing name="cross" size="0.9rem" />
          </button>
        </li>
      ))}
      {(taken.length > 0 || isGoal) && (
        <li className={classes["taken"]} data-understood>
          {isGoal ? t("taken_goal") : t("taken", { what: taken.map(({ words }) => words).join(" · ") })}
        </li>
      )}
      <li>
        <button type="button" className={classes["clear"]} onClick={() => go({})}>
          {t("clear_all")}
        </button>
      </li>
    </ul>
  );
}
