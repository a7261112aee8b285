"use client";

import { Button, Loader, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { Spotlight, spotlight } from "@mantine/spotlight";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, useEffect, useEffectEvent, useId, useRef, useState } from "react";
import { ConsoleIcon } from "../frame/icons.tsx";
import { type Command, grouped, matching } from "./command.ts";
import { CommandList } from "./command-list.tsx";
import { useActions } from "./use-actions.ts";
import { useFound } from "./use-found.ts";
import classes from "./palette.module.css";

/** The way to any goal, person, session, page or action, by the keyboard alone. Opens whenever `asked` grows. */
export function Palette({ asked }: { asked: number }) {
  const t = useTranslations("console");
  const problems = useTranslations("problems");
  const states = useTranslations("states");
  const listId = useId();
  const [query, setQuery] = useState("");
  const [opened, setOpened] = useState(false);
  const [selected, setSelected] = useState(0);
  // Enter before the answer: taken as soon as there is one.
  const hasty = useRef(false);
  const actions = useActions();
  const found = useFound(query, opened);
  const parts = grouped([...found.commands, ...matching(actions, query)]);
  const commands = parts.flatMap((part) => part.commands);
  const current = commands[Math.min(selected, commands.length - 1)];

  useEffect(() => {
    if (asked > 0) spotlight.open();
  }, [asked]);

  useHotkeys([["mod+K", () => spotlight.toggle()]], []);

  function run(command: Command): void {
    hasty.current = false;
    spotlight.close();
    command.run();
  }

  const first = found.commands[0];
  const settle = useEffectEvent(() => {
    if (!hasty.current) return;
    hasty.current = false;
    if (first !== undefined) run(first);
  });
  useEffect(() => {
    if (!found.busy) settle();
  }, [found.busy]);

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && commands.length > 0) {
      event.preventDefault();
      const from = Math.min(selected, commands.length - 1);
      setSelected((from + step + commands.length) % commands.length);
    } else if (event.key === "Home" && event.ctrlKey) setSelected(0);
    else if (event.key === "Enter") {
      event.preventDefault();
      if (current !== undefined) run(current);
      else if (found.busy) hasty.current = true;
    }
  }

  const optionId = (command: Command) => `${listId}-${command.id}`;
  return (
    <Spotlight.Root
      query={query}
      onQueryChange={(next) => {
        setQuery(next);
        setSelected(0);
        hasty.current = false;
      }}
      onSpotlightOpen={() => setOpened(true)}
      onSpotlightClose={() => setOpened(false)}
      shortcut={null}
      yOffset="10vh"
      overlayProps={{ backgroundOpacity: 0.45, blur: 2 }}
      attributes={{ content: { "aria-label": t("palette_open") } }}
    >
      <Spotlight.Search
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- it is rendered as the input that the rule asks for
        role="combobox"
        aria-expanded={commands.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-label={t("palette_open")}
        {...(current !== undefined && { "aria-activedescendant": optionId(current) })}
        placeholder={t("palette_placeholder")}
        leftSection={found.busy ? <Loader size="1.25rem" /> : <ConsoleIcon name="search" />}
        onKeyDown={onKeyDown}
      />
      <CommandList
        id={listId}
        parts={parts}
        current={current}
        optionId={optionId}
        onPoint={(command) => setSelected(commands.indexOf(command))}
        onRun={run}
      />
      <output className={classes["status"]}>
        {found.problem !== null ? (
          <>
            <Text size="sm">{problems(found.problem)}</Text>
            <Button size="compact-sm" variant="default" onClick={found.again}>
              {states("retry")}
            </Button>
          </>
        ) : (
          <Text size="sm" c="dimmed">
            {found.busy
              ? t("palette_searching")
              : commands.length === 0
                ? t("palette_nothing")
                : query.trim().length < 2
                  ? t("palette_help")
                  : t("palette_count", { count: commands.length })}
          </Text>
        )}
      </output>
    </Spotlight.Root>
  );
}
