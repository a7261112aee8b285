"use client";

import { Button, Collapse, Kbd, NativeSelect, TextInput } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useTranslations } from "next-intl";
import { type FormEvent, type RefObject, useState } from "react";
import { type GoalFilter, goalOutcomes, refundStates } from "#src/contract/console.ts";
import { receiverIds } from "#src/contract/receivers.ts";
import { useKeysOn } from "../../studio/keys-setting.ts";
import { ConsoleIcon } from "../frame/icons.tsx";
import { changeFilter, partsSet } from "./filter-address.ts";
import classes from "./goals.module.css";
import { SortChoice } from "./list-tools.tsx";
import { Mark } from "./marks.tsx";
import { AmountRange, TimeRange } from "./range-fields.tsx";

interface Props {
  readonly filter: GoalFilter;
  readonly go: (filter: GoalFilter) => void;
  readonly searchField: RefObject<HTMLInputElement | null>;
}

/** Everything that narrows the list: words, states, trouble, time and amount. On a phone behind a button, but for the words. */
export function FilterBar({ filter, go, searchField }: Props) {
  const t = useTranslations("console_goals");
  const isNarrow = useMediaQuery("(max-width: 47.99em)") ?? false;
  const [opened, setOpened] = useState(false);
  const { q: _words, ...rest } = filter;
  const count = partsSet(rest);
  return (
    <div className={classes["bar"]}>
      {/* By another word the field begins anew: it always says what is searched for. */}
      <Search key={filter.q ?? ""} filter={filter} go={go} searchField={searchField} />
      {isNarrow ? (
        <>
          <Button
            variant="default"
            leftSection={<Mark name="filter" />}
            aria-expanded={opened}
            onClick={() => setOpened(!opened)}
          >
            {count === 0 ? t("filters") : t("filters_set", { count })}
          </Button>
          <Collapse expanded={opened} className={classes["fold"] ?? ""}>
            <Selects filter={filter} go={go} withOrder />
          </Collapse>
        </>
      ) : (
        <Selects filter={filter} go={go} />
      )}
    </div>
  );
}

function Search({ filter, go, searchField }: Props) {
  const t = useTranslations("console_goals");
  const [words, setWords] = useState(filter.q ?? "");
  const keysOn = useKeysOn();
  function search(event: FormEvent): void {
    event.preventDefault();
    const q = words.trim();
    go(changeFilter(filter, { q: q === "" ? undefined : q }));
  }
  return (
    <search className={classes["search"]}>
      <form onSubmit={search}>
        <TextInput
          ref={searchField}
          type="search"
          enterKeyHint="search"
          aria-label={t("search")}
          placeholder={t("search_hint")}
          leftSection={<ConsoleIcon name="search" />}
          rightSection={keysOn ? <Kbd aria-hidden="true">/</Kbd> : null}
          rightSectionPointerEvents="none"
          maxLength={200}
          spellCheck={false}
          autoComplete="off"
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
      </form>
    </search>
  );
}

function Selects({
  filter,
  go,
  withOrder = false,
}: Pick<Props, "filter" | "go"> & {
  /** On a phone the order is chosen here as well. */
  withOrder?: boolean;
}) {
  const t = useTranslations("console_goals");
  const effects = useTranslations("console_actions");
  const change = (changes: Partial<GoalFilter>) => go(changeFilter(filter, changes));
  // One question, two parts of the filter: how a goal ended says that it has.
  const standing = filter.outcome ?? filter.state ?? "";
  return (
    <div className={classes["selects"]}>
      <Choice
        label={t("column.state")}
        value={standing}
        options={[
          ["", t("state_any")],
          ["pending", t("state.pending")],
          ["ended", t("state.ended")],
          ...goalOutcomes.map((outcome) => [outcome, t(`state.${outcome}`)] as const),
        ]}
        onChoose={(value) =>
          change({
            state: value === "pending" || value === "ended" ? value : undefined,
            outcome: goalOutcomes.find((outcome) => outcome === value),
          })
        }
      />
      <Choice
        label={t("column.money")}
        value={filter.refund ?? ""}
        options={[
          ["", t("refund_any")],
          ...refundStates.map((refund) => [refund, t(`refund.${refund}`)] as const),
        ]}
        onChoose={(value) => change({ refund: refundStates.find((refund) => refund === value) })}
      />
      <Choice
        label={t("column.trouble")}
        value={filter.trouble ?? ""}
        options={[
          ["", t("trouble_all")],
          ...(["any", "failed", "late"] as const).map(
            (trouble) => [trouble, t(`trouble.${trouble}`)] as const,
          ),
        ]}
        onChoose={(value) =>
          change({ trouble: (["any", "failed", "late"] as const).find((trouble) => trouble === value) })
        }
      />
      <Choice
        label={t("receiver")}
        value={filter.receiver ?? ""}
        options={[
          ["", t("receiver_any")],
          ...receiverIds.map((receiver) => [receiver, effects(`effects.${receiver}`)] as const),
        ]}
        onChoose={(value) => change({ receiver: receiverIds.find((receiver) => receiver === value) })}
      />
      <TimeRange filter={filter} change={change} />
      <AmountRange filter={filter} change={change} />
      {withOrder && <SortChoice filter={filter} go={go} />}
    </div>
  );
}

/** A choice of one, whose first option is that it does not matter. */
function Choice({
  label,
  value,
  options,
  onChoose,
}: {
  label: string;
  value: string;
  options: readonly (readonly [value: string, label: string])[];
  onChoose: (value: string) => void;
}) {
  return (
    <NativeSelect
      aria-label={label}
      size="sm"
      className={classes["choice"] ?? ""}
      data-set={value !== "" || undefined}
      value={value}
      data={options.map(([option, text]) => ({ value: option, label: text }))}
      onChange={(event) => onChoose(event.currentTarget.value)}
    />
  );
}
