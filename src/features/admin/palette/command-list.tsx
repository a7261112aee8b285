"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import { ConsoleIcon } from "../frame/icons.tsx";
import type { Command, CommandGroup } from "./command.ts";
import classes from "./palette.module.css";

/** What can be chosen, part by part. The keyboard stays in the field above, which says what it is on. */
export function CommandList({
  id,
  parts,
  current,
  optionId,
  onPoint,
  onRun,
}: {
  id: string;
  parts: readonly { readonly group: CommandGroup; readonly commands: readonly Command[] }[];
  current: Command | undefined;
  optionId: (command: Command) => string;
  onPoint: (command: Command) => void;
  onRun: (command: Command) => void;
}) {
  const t = useTranslations("console");
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [current?.id]);
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- no tag is a list of choices with headings and drawings in it
    <div ref={list} id={id} role="listbox" aria-label={t("palette_results")} className={classes["list"]}>
      {parts.map(({ group, commands }) => (
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a fieldset may not stand in a listbox
        <div key={group} role="group" aria-label={t(`group_${group}`)}>
          <div aria-hidden="true" className={classes["group"]}>
            {t(`group_${group}`)}
          </div>
          {commands.map((command) => (
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the keys are the field's, by aria-activedescendant
            <div
              key={command.id}
              id={optionId(command)}
              // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an option tag holds no drawings
              role="option"
              aria-selected={command === current}
              className={classes["command"]}
              onPointerMove={() => onPoint(command)}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onRun(command)}
            >
              <ConsoleIcon name={command.icon} />
              <span className={classes["label"]}>{command.label}</span>
              {command.description !== undefined && (
                <span className={classes["description"]}>{command.description}</span>
              )}
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
