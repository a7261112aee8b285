"use client";

import { Code, Table } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Moment } from "../../goals/moment.tsx";
import { useFormats } from "../../i18n/use-formats.ts";
import { Drawing, type IconName } from "../../shell/icons.tsx";
import classes from "./actions.module.css";
import type { LineGroup } from "./group-lines.ts";
import { PlainValue } from "./plain-value.tsx";

const icons: Record<LineGroup["kind"], IconName> = {
  database: "receipt",
  money: "out",
  push: "envelope",
  cache: "minus",
  event: "out",
  wait: "clock",
};

/** Something that an action changes, or leaves, in words; with the technical names below them. */
export function Lines({ group }: { group: LineGroup }) {
  return (
    <div className={classes["line"]} data-kind={group.kind}>
      <Drawing name={icons[group.kind]} />
      <div>
        <Words group={group} />
      </div>
    </div>
  );
}

function Words({ group }: { group: LineGroup }) {
  const t = useTranslations("console_actions");
  const formats = useFormats();
  switch (group.kind) {
    case "database":
      return <Fields group={group} />;
    case "money": {
      const { amount, currency, from, to } = group.line;
      return (
        <>
          {t.rich("line_money", {
            amount: formats.money(amount, currency),
            from: () => <Account name={from} />,
            to: () => <Account name={to} />,
            b: (chunks) => <strong>{chunks}</strong>,
          })}
          <Names names={[`${from} → ${to}`]} />
        </>
      );
    }
    case "push":
      return (
        <>
          {t("line_push", { count: group.channels.length })}
          <Names names={group.channels.map((channel) => `${group.event} → ${channel}`)} />
        </>
      );
    case "cache":
      return (
        <>
          {t("line_cache", { count: group.entries })}
          <Names names={group.tags.map(({ tag, entries }) => `${tag} (${entries})`)} />
        </>
      );
    case "event":
      return (
        <>
          {t("line_event")}
          <Names names={[group.name]} />
        </>
      );
    case "wait":
      return t.rich("line_wait", { time: () => <Moment iso={group.until} exact /> });
  }
}

function Account({ name }: { name: string }): ReactNode {
  const t = useTranslations("console_actions");
  const kind = name.split(":", 1)[0];
  return kind === "viewer" || kind === "streamer" || kind === "escrow" ? t(`account_${kind}`) : name;
}

function Names({ names }: { names: readonly string[] }) {
  return (
    <span className={classes["names"]}>
      {names.map((name) => (
        <Code key={name}>{name}</Code>
      ))}
    </span>
  );
}

/** Fields that have words besides their names; the rest is known by its name alone. */
const known = [
  "active",
  "exp",
  "deactivated.at",
  "deactivated.reason",
  "metadata.cooldown",
  "trigger_exclusive_goal_ended",
  "trigger_exclusive_goal_cooldown",
  "outcome",
] as const;

function Fields({ group }: { group: Extract<LineGroup, { kind: "database" }> }) {
  const t = useTranslations("console_actions");
  const isNew = group.fields.every(({ before }) => before === null || before === undefined);
  // A new document's id is in its name already.
  const shown = group.fields.filter(({ field }) => !isNew || field !== "_id");
  const label = t(isNew ? "line_document" : "line_fields", { count: group.fields.length });
  return (
    <>
      {label} <Code>{`${group.collection} ${group.id}`}</Code>
      {shown.length > 0 && (
        <Table className={classes["fields"] ?? ""} aria-label={label} withRowBorders={false}>
          <Table.Thead className={classes["fieldsHead"] ?? ""}>
            <Table.Tr>
              <Table.Th>{t("field")}</Table.Th>
              {!isNew && <Table.Th>{t("before")}</Table.Th>}
              <Table.Th>{t("after")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map(({ field, before, after }) => {
              const name = known.find((one) => field === one || field.endsWith(`.${one}`));
              return (
                <Table.Tr key={field}>
                  <Table.Th scope="row">
                    {name !== undefined && <>{t(`field_words.${name.replace(".", "_") as FieldKey}`)} </>}
                    <code>{field}</code>
                  </Table.Th>
                  {!isNew && (
                    <Table.Td className={classes["before"] ?? ""}>
                      <PlainValue value={before} />
                    </Table.Td>
                  )}
                  <Table.Td className={classes["after"] ?? ""}>
                    <PlainValue value={after} />
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      )}
    </>
  );
}

type Underscored<S extends string> = S extends `${infer A}.${infer B}` ? `${A}_${B}` : S;
type FieldKey = Underscored<(typeof known)[number]>;
