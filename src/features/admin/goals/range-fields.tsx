"use client";

import { Button, Group, Popover, Stack, Text, TextInput } from "@mantine/core";
import { useTranslations } from "next-intl";
import { type FormEvent, type ReactNode, useState } from "react";
import type { GoalFilter } from "#src/contract/console.ts";
import { fromLocalField, fromUnitsField, toLocalField, toUnitsField } from "./local-time.ts";
import { Mark } from "./marks.tsx";

interface Change {
  readonly filter: GoalFilter;
  readonly change: (changes: Partial<GoalFilter>) => void;
}

const presets = { hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const;

/** From when to when, in the browser's zone; or the last hour, day or week, counted from the moment of the click. */
export function TimeRange({ filter, change }: Change) {
  const t = useTranslations("console_goals");
  const isSet = filter.from !== undefined || filter.to !== undefined;
  return (
    <RangePopover label={t(isSet ? "time_set" : "time_any")} isSet={isSet}>
      {(close) => (
        <TimeForm
          filter={filter}
          change={(changes) => {
            change(changes);
            close();
          }}
        />
      )}
    </RangePopover>
  );
}

function TimeForm({ filter, change }: Change) {
  const t = useTranslations("console_goals");
  const [from, setFrom] = useState(filter.from === undefined ? "" : toLocalField(filter.from));
  const [to, setTo] = useState(filter.to === undefined ? "" : toLocalField(filter.to));
  return (
    <Stack gap="sm">
      <Group gap="xs">
        {(["hour", "day", "week"] as const).map((name) => (
          <Button
            key={name}
            size="sm"
            variant="light"
            onClick={() =>
              change({ from: new Date(Date.now() - presets[name]).toISOString(), to: undefined })
            }
          >
            {t(`preset_${name}`)}
          </Button>
        ))}
      </Group>
      <RangeForm
        onApply={() => change({ from: fromLocalField(from), to: fromLocalField(to) })}
        onClear={() => change({ from: undefined, to: undefined })}
      >
        <TextInput
          type="datetime-local"
          label={t("from")}
          value={from}
          data-autofocus
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          type="datetime-local"
          label={t("to")}
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <Text size="xs" c="dimmed">
          {t(filter.sort === "ended" ? "time_of_end" : "time_of_creation")}
        </Text>
      </RangeForm>
    </Stack>
  );
}

/** From which amount to which, in units of the currency. */
export function AmountRange({ filter, change }: Change) {
  const t = useTranslations("console_goals");
  const isSet = filter.min_amount !== undefined || filter.max_amount !== undefined;
  return (
    <RangePopover label={t(isSet ? "amount_set" : "amount_any")} isSet={isSet}>
      {(close) => (
        <AmountForm
          filter={filter}
          change={(changes) => {
            change(changes);
            close();
          }}
        />
      )}
    </RangePopover>
  );
}

function AmountForm({ filter, change }: Change) {
  const t = useTranslations("console_goals");
  const [min, setMin] = useState(toUnitsField(filter.min_amount));
  const [max, setMax] = useState(toUnitsField(filter.max_amount));
  const problem = (text: string) =>
    text.trim() !== "" && fromUnitsField(text) === undefined ? t("amount_problem") : null;
  return (
    <RangeForm
      onApply={() => {
        if (problem(min) !== null || problem(max) !== null) return;
        change({ min_amount: fromUnitsField(min), max_amount: fromUnitsField(max) });
      }}
      onClear={() => change({ min_amount: undefined, max_amount: undefined })}
    >
      {(["min", "max"] as const).map((end) => (
        <TextInput
          key={end}
          label={t(`amount_${end}`)}
          inputMode="decimal"
          value={end === "min" ? min : max}
          error={problem(end === "min" ? min : max)}
          {...(end === "min" && { "data-autofocus": true })}
          onChange={(event) => (end === "min" ? setMin : setMax)(event.currentTarget.value)}
        />
      ))}
      <Text size="xs" c="dimmed">
        {t("amount_orders")}
      </Text>
    </RangeForm>
  );
}

function RangeForm({
  onApply,
  onClear,
  children,
}: {
  onApply: () => void;
  onClear: () => void;
  children: ReactNode;
}) {
  const t = useTranslations("console_goals");
  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        onApply();
      }}
    >
      <Stack gap="sm">
        {children}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClear}>
            {t("clear")}
          </Button>
          <Button type="submit">{t("apply")}</Button>
        </Group>
      </Stack>
    </form>
  );
}

function RangePopover({
  label,
  isSet,
  children,
}: {
  label: string;
  isSet: boolean;
  children: (close: () => void) => ReactNode;
}) {
  const [opened, setOpened] = useState(false);
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      trapFocus
      returnFocus
      shadow="md"
      position="bottom-start"
      width={320}
    >
      <Popover.Target>
        <Button
          variant="default"
          data-set={isSet || undefined}
          rightSection={<Mark name="down" size="1em" />}
          onClick={() => setOpened(!opened)}
        >
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>{opened && children(() => setOpened(false))}</Popover.Dropdown>
    </Popover>
  );
}
