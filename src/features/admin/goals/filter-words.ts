"use client";

import { useTranslations } from "next-intl";
import type { GoalFilter } from "#src/contract/console.ts";
import type { GoalRow } from "#src/server/operations/console/goal-list.ts";
import { useFormats } from "../../i18n/use-formats.ts";

/** One part of a filter in words, and which parts it is: without them it is gone. */
export interface FilterPart {
  readonly name: keyof GoalFilter;
  readonly words: string;
}

/** The people's names as far as rows have told them; a person whose goals are not shown keeps the id. */
export function namesIn(rows: readonly GoalRow[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { streamer, viewer } of rows) {
    names.set(streamer.id, streamer.name);
    names.set(viewer.id, viewer.name);
  }
  return names;
}

/** What a filter asks for, part by part, in words; the order is none of them. */
export function useFilterWords(): (
  filter: GoalFilter,
  names: ReadonlyMap<string, string>,
) => readonly FilterPart[] {
  const t = useTranslations("console_goals");
  const effects = useTranslations("console_actions");
  const formats = useFormats();
  return (filter, names) => {
    const parts: FilterPart[] = [];
    const add = (name: keyof GoalFilter, words: string) => parts.push({ name, words });
    const amount = (minor: number) => (minor / 100).toFixed(2);
    if (filter.q !== undefined) add("q", t("part_q", { words: filter.q }));
    if (filter.state !== undefined) add("state", t(`state.${filter.state}`));
    if (filter.outcome !== undefined) add("outcome", t(`state.${filter.outcome}`));
    if (filter.refund !== undefined) add("refund", t(`refund.${filter.refund}`));
    if (filter.trouble !== undefined) add("trouble", t(`trouble.${filter.trouble}`));
    if (filter.receiver !== undefined)
      add("receiver", t("part_receiver", { effect: effects(`effects.${filter.receiver}`) }));
    for (const who of ["viewer", "streamer"] as const) {
      const id = filter[who];
      if (id !== undefined) add(who, t(`part_${who}`, { name: names.get(id) ?? id }));
    }
    if (filter.session !== undefined) add("session", t("part_session", { id: filter.session }));
    if (filter.from !== undefined) add("from", t("part_from", { time: formats.moment(filter.from) }));
    if (filter.to !== undefined) add("to", t("part_to", { time: formats.moment(filter.to) }));
    if (filter.min_amount !== undefined)
      add("min_amount", t("part_min_amount", { amount: amount(filter.min_amount) }));
    if (filter.max_amount !== undefined)
      add("max_amount", t("part_max_amount", { amount: amount(filter.max_amount) }));
    return parts;
  };
}
