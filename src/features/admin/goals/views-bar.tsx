"use client";

import { Button, Group, Popover, TextInput } from "@mantine/core";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { Drawing } from "../../shell/icons.tsx";
import { readGoalsAddress, writeGoalFilter } from "./filter-address.ts";
import { FilterLink } from "./filter-link.tsx";
import type { Ways } from "./goal-head.tsx";
import classes from "./goals.module.css";
import { useKept } from "./kept.ts";
import { Mark } from "./marks.tsx";
import { type OwnViewName, ownViews, type SavedView, savedViews, withView } from "./saved-views.ts";

const ownNames = Object.keys(ownViews) as OwnViewName[];

/** The views that one goes to with a click: everybody's, and those that were saved on this device. */
export function ViewsBar({ ways }: { ways: Ways & { readonly toView: (saved: SavedView) => void } }) {
  const t = useTranslations("console_goals");
  const saved = useKept(savedViews);
  const now = writeGoalFilter(ways.filter);
  const isOwn = ownNames.some((name) => writeGoalFilter(ownViews[name]) === now);
  return (
    <nav aria-label={t("views")} className={classes["views"]}>
      <ul>
        {ownNames.map((name) => (
          <li key={name}>
            <FilterLink
              filter={ownViews[name]}
              view={ways.view}
              go={ways.go}
              className={classes["view"]}
              current={writeGoalFilter(ownViews[name]) === now}
            >
              {t(`view.${name}`)}
            </FilterLink>
          </li>
        ))}
        {saved.map((view) => {
          const { filter } = readGoalsAddress(new URLSearchParams(view.query));
          return (
            <li key={view.name} className={classes["saved"]}>
              <FilterLink
                filter={filter}
                view={ways.view}
                go={() => ways.toView(view)}
                className={classes["view"]}
                current={writeGoalFilter(filter) === now}
              >
                {view.name}
              </FilterLink>
              <button
                type="button"
                className={classes["forget"]}
                aria-label={t("forget_view", { name: view.name })}
                title={t("forget_view", { name: view.name })}
                onClick={() => savedViews.set(saved.filter(({ name }) => name !== view.name))}
              >
                <Drawing name="cross" size="0.9rem" />
              </button>
            </li>
          );
        })}
        {!isOwn && (
          <li>
            <SaveView ways={ways} />
          </li>
        )}
      </ul>
    </nav>
  );
}

function SaveView({ ways }: { ways: Ways }) {
  const t = useTranslations("console_goals");
  const saved = useKept(savedViews);
  const [opened, setOpened] = useState(false);
  const [name, setName] = useState("");
  function save(event: FormEvent): void {
    event.preventDefault();
    if (name.trim() === "") return;
    savedViews.set(withView(saved, name, ways.filter, ways.view));
    setName("");
    setOpened(false);
  }
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus returnFocus position="bottom-start" shadow="md">
      <Popover.Target>
        <button type="button" className={classes["view"]} data-quiet onClick={() => setOpened(!opened)}>
          <Mark name="star" size="1.1em" />
          {t("save_view")}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={save}>
          <Group align="end" gap="xs">
            <TextInput
              label={t("view_name")}
              value={name}
              maxLength={40}
              data-autofocus
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Button type="submit" disabled={name.trim() === ""}>
              {t("save")}
            </Button>
          </Group>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
