"use client";

import { useTranslations } from "next-intl";
import type { GoalFilter } from "#src/contract/console.ts";
import { useFilterWords } from "../goals/filter-words.ts";
import classes from "./bulk.module.css";

const nobody: ReadonlyMap<string, string> = new Map();

/** What a filter asks for, in words; that it is every goal, where it asks for nothing. */
export function FilterParts({ filter }: { filter: GoalFilter }) {
  const t = useTranslations("console_bulk");
  const parts = useFilterWords()(filter, nobody);
  if (parts.length === 0) return <span className={classes["every"]}>{t("every_goal")}</span>;
  return (
    <ul className={classes["parts"]}>
      {parts.map(({ name, words }) => (
        <li key={name}>{words}</li>
      ))}
    </ul>
  );
}
