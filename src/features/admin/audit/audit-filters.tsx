"use client";

import { Button, NativeSelect, Paper, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useId, useState } from "react";
import { auditActions, auditStatuses } from "#src/contract/console.ts";
import { useTRPC } from "../../api/api-provider.tsx";
import { fromLocalField, toLocalField } from "../goals/local-time.ts";
import { actionKey } from "./action-key.ts";
import classes from "./audit.module.css";
import { type AuditFilter, auditFilterParts, readTarget } from "./filter.ts";

type Changes = Partial<Record<keyof AuditFilter, string | null>>;

/** What narrows the log down; every choice goes into the address at once. */
export function AuditFilters({
  filter,
  onChange,
}: {
  filter: AuditFilter;
  onChange: (changes: Changes) => void;
}) {
  const t = useTranslations("console_audit");
  const people = usePeople(filter.actor);
  const set = auditFilterParts.filter((part) => filter[part] !== undefined).length;
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  return (
    <search aria-label={t("filters")}>
      <Button
        variant="default"
        className={classes["filtersToggle"] ?? ""}
        aria-expanded={isOpen}
        aria-controls={id}
        mb="sm"
        onClick={() => setIsOpen(!isOpen)}
      >
        {t("filters_toggle", { count: set })}
      </Button>
      <Paper id={id} withBorder p="md" className={classes["filters"] ?? ""} data-open={isOpen || undefined}>
        <NativeSelect
          label={t("filter_actor")}
          value={filter.actor ?? ""}
          onChange={(event) => onChange({ actor: event.currentTarget.value })}
          data={[{ value: "", label: t("anybody") }, ...people]}
        />
        <NativeSelect
          label={t("filter_action")}
          value={filter.action ?? ""}
          onChange={(event) => onChange({ action: event.currentTarget.value })}
          data={[
            { value: "", label: t("any_action") },
            ...auditActions.map((action) => ({ value: action, label: t(`action.${actionKey(action)}`) })),
          ]}
        />
        <NativeSelect
          label={t("filter_status")}
          value={filter.status ?? ""}
          onChange={(event) => onChange({ status: event.currentTarget.value })}
          data={[
            { value: "", label: t("any_status") },
            ...auditStatuses.map((status) => ({ value: status, label: t(`status_${status}`) })),
          ]}
        />
        <TargetField key={filter.target ?? ""} target={filter.target} onChange={onChange} />
        {(["from", "to"] as const).map((end) => (
          <TimeField key={`${end} ${filter[end] ?? ""}`} end={end} iso={filter[end]} onChange={onChange} />
        ))}
        {set > 0 && (
          <Button
            variant="subtle"
            className={classes["clear"] ?? ""}
            onClick={() => onChange(Object.fromEntries(auditFilterParts.map((part) => [part, null])))}
          >
            {t("clear")}
          </Button>
        )}
      </Paper>
    </search>
  );
}

/** Those who may act by hand; and whoever the address speaks of, who may have lost the role since. */
function usePeople(actor: string | undefined): { value: string; label: string }[] {
  const t = useTranslations("console_audit");
  const roles = useTranslations("roles");
  const trpc = useTRPC();
  const admins = useQuery(trpc.admin.users.list.queryOptions({ role: "admin", limit: 200 }));
  const moderators = useQuery(trpc.admin.users.list.queryOptions({ role: "moderator", limit: 200 }));
  const people = [...(admins.data?.users ?? []), ...(moderators.data?.users ?? [])].map(
    ({ id, name, role }) => ({
      value: id,
      label: `${name} (${roles(role)})`,
    }),
  );
  if (actor === undefined || people.some(({ value }) => value === actor)) return people;
  return [...people, { value: actor, label: t("account", { id: actor }) }];
}

function TargetField({
  target,
  onChange,
}: {
  target: string | undefined;
  onChange: (changes: Changes) => void;
}) {
  const t = useTranslations("console_audit");
  const [text, setText] = useState(target ?? "");
  const [tried, setTried] = useState(false);
  const read = text.trim() === "" ? null : readTarget(text);
  const isWrong = text.trim() !== "" && read === null;

  function apply(event?: FormEvent): void {
    event?.preventDefault();
    setTried(true);
    if (!isWrong && (read ?? undefined) !== target) onChange({ target: read });
  }

  return (
    <form onSubmit={apply}>
      <TextInput
        label={t("filter_target")}
        placeholder={t("target_placeholder")}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={() => apply()}
        error={tried && isWrong ? t("target_problem") : null}
      />
    </form>
  );
}

function TimeField({
  end,
  iso,
  onChange,
}: {
  end: "from" | "to";
  iso: string | undefined;
  onChange: (changes: Changes) => void;
}) {
  const t = useTranslations("console_audit");
  const [text, setText] = useState(iso === undefined ? "" : toLocalField(iso));
  // A field of its kind says every digit that is typed: it is applied when the reader is through with it.
  const apply = () => {
    const read = fromLocalField(text) ?? null;
    const isSame = iso === undefined ? read === null : text === toLocalField(iso);
    if (!isSame) onChange({ [end]: read });
  };
  return (
    <TextInput
      type="datetime-local"
      label={t(`filter_${end}`)}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={apply}
      onKeyDown={(event) => {
        if (event.key === "Enter") apply();
      }}
    />
  );
}
