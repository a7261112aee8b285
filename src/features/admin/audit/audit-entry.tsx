"use client";

import { Anchor, Code, Table, Text } from "@mantine/core";
import type { inferRouterOutputs } from "@trpc/server";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { useEffect, useRef } from "react";
import type { AppRouter } from "#src/server/trpc/router.ts";
import { problemCode } from "../../api/problem.ts";
import { Facts } from "../../goals/facts.tsx";
import { Moment } from "../../goals/moment.tsx";
import { PlainValue } from "../actions/plain-value.tsx";
import { WideTable } from "../wide-table.tsx";
import { actionKey } from "./action-key.ts";
import classes from "./audit.module.css";
import { AuditStatusBadge } from "./audit-status.tsx";
import { diff, flatten } from "./diff.ts";
import { TargetLink, useTargetWords } from "./target-link.tsx";

export type AuditEntryView = inferRouterOutputs<AppRouter>["admin"]["audit"]["list"]["entries"][number];

/** One action by hand: who did what to what, and why; opened, what it changed. */
export function AuditEntry({
  entry,
  here,
  linked = false,
}: {
  entry: AuditEntryView;
  /** The target whose page this is: its entries do not lead to it. */
  here?: string;
  /** Whether the address speaks of this entry: then it is open, and brings itself into view. */
  linked?: boolean;
}) {
  const t = useTranslations("console_audit");
  const roles = useTranslations("roles");
  const target = useTargetWords(entry.target);
  const targetId = entry.target.split(":", 2)[1];
  const own = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (linked) own.current?.scrollIntoView({ block: "center" });
  }, [linked]);
  return (
    <details
      ref={own}
      className={classes["entry"]}
      open={linked}
      data-entry={entry.id}
      data-action={entry.action}
    >
      <summary className={classes["summary"]}>
        <span className={classes["what"]}>
          <span className={classes["action"]}>{t(`action.${actionKey(entry.action)}`)}</span>
          {entry.target !== here && (
            <span className={classes["target"]}>
              {target} {targetId !== undefined && <code>{targetId}</code>}
            </span>
          )}
        </span>
        <span className={classes["who"]}>
          {t("by", { name: entry.actor.name, role: roles(entry.role) })}
          <span aria-hidden="true"> · </span>
          <Moment iso={entry.at} />
        </span>
        <span className={classes["reason"]}>{entry.reason}</span>
        <span className={classes["badge"]}>
          <AuditStatusBadge status={entry.status} />
        </span>
      </summary>
      <Opened entry={entry} here={here} />
    </details>
  );
}

function Opened({ entry, here }: { entry: AuditEntryView; here: string | undefined }) {
  const t = useTranslations("console_audit");
  const problems = useTranslations("problems");
  const roles = useTranslations("roles");
  const code = problemCode({ code: entry.error });
  return (
    <div className={classes["opened"]}>
      <Text size="sm">{t(`status_help_${entry.status}`)}</Text>
      {entry.error !== null && (
        <Text size="sm" className={classes["error"] ?? ""}>
          {t("error")}: {code === null ? entry.error : problems(code)} <Code>{entry.error}</Code>
        </Text>
      )}
      <blockquote className={classes["quote"]}>{entry.reason}</blockquote>
      <Facts
        facts={[
          [
            t("actor"),
            <span key="actor">
              {entry.actor.name} ({roles(entry.role)}){" "}
              <Anchor
                component={Link}
                prefetch={false}
                href={`/admin/audit?actor=${entry.actor.id}`}
                size="sm"
              >
                {t("only_actor")}
              </Anchor>
            </span>,
          ],
          [
            t("target"),
            entry.target === here ? (
              <Code key="target">{entry.target}</Code>
            ) : (
              <TargetLink key="target" target={entry.target} />
            ),
          ],
          [t("at"), <Moment key="at" iso={entry.at} exact />],
          [
            t("completed"),
            entry.completed === null ? t("nothing") : <Moment key="completed" iso={entry.completed} exact />,
          ],
          [
            t("entry"),
            <Anchor
              key="entry"
              component={Link}
              prefetch={false}
              href={`/admin/audit?target=${entry.target}&entry=${entry.id}`}
            >
              <Code>{entry.id}</Code>
            </Anchor>,
          ],
        ]}
      />
      <Input input={entry.input} />
      <Changes before={entry.before} after={entry.after} />
    </div>
  );
}

function Input({ input }: { input: unknown }) {
  const t = useTranslations("console_audit");
  const values = flatten(input);
  if (values.length === 0) return null;
  return (
    <section>
      <Text size="sm" fw={600} mb={4}>
        {t("input")}
      </Text>
      <Facts
        facts={values.map(([path, value]) => [
          path === "" ? t("input") : path,
          <PlainValue key={path} value={value} />,
        ])}
      />
    </section>
  );
}

function Changes({ before, after }: { before: unknown; after: unknown }) {
  const t = useTranslations("console_audit");
  const differences = diff(before, after);
  if (differences.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t("no_states")}
      </Text>
    );
  return (
    <WideTable label={t("changes")} minWidth={480}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("field")}</Table.Th>
          <Table.Th>{t("before")}</Table.Th>
          <Table.Th>{t("after")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {differences.map(({ path, before: old, after: fresh, changed }) => (
          <Table.Tr key={path} data-changed={changed} className={classes["difference"] ?? ""}>
            <Table.Th scope="row">{path === "" ? t("value") : path}</Table.Th>
            <Side value={old} name="old" />
            <Side value={fresh} name="fresh" />
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  );
}

function Side({ value, name }: { value: unknown; name: "old" | "fresh" }) {
  const t = useTranslations("console_audit");
  return (
    <Table.Td className={(value === undefined ? undefined : classes[name]) ?? ""}>
      {value === undefined ? (
        <Text span inherit c="dimmed">
          {t("not_told")}
        </Text>
      ) : (
        <PlainValue value={value} />
      )}
    </Table.Td>
  );
}
