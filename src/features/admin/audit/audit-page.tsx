"use client";

import { Alert, Anchor, Group, Stack, Text, Title } from "@mantine/core";
import { useTranslations } from "next-intl";
import { adminChannel } from "#src/contract/channels.ts";
import { useTRPC } from "../../api/api-provider.tsx";
import { Drawing } from "../../shell/icons.tsx";
import { Empty } from "../../shell/states.tsx";
import { ConsoleIcon } from "../frame/icons.tsx";
import { ListStates } from "../list/list-states.tsx";
import { useAddress } from "../list/use-address.ts";
import { useKeysetList } from "../list/use-keyset-list.ts";
import { AuditEntry } from "./audit-entry.tsx";
import classes from "./audit.module.css";
import { AuditFilters } from "./audit-filters.tsx";
import { auditQuery, readAuditFilter } from "./filter.ts";

/** Nothing tells of entries by themselves: whatever is done by hand changes a goal or an action on many. */
const hints = {
  channels: [adminChannel],
  events: ["goal.updated", "bulk.updated", "ledger.checked"],
} as const;
const pageLength = 50;

/** Everything that was ever done by hand, the newest first. */
export function AuditPage() {
  const t = useTranslations("console_audit");
  const trpc = useTRPC();
  const [query, change] = useAddress();
  const { filter, dropped } = readAuditFilter(query);
  const linked = query.get("entry");
  const list = useKeysetList(
    trpc.admin.audit.list.infiniteQueryOptions(
      { filter, limit: pageLength },
      { getNextPageParam: ({ next }) => next },
    ),
    hints,
    ({ entries }) => entries,
    ({ id }) => id,
  );
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <Stack gap="lg">
      <Group justify="space-between" gap="sm">
        <div>
          <Title order={1}>{t("title")}</Title>
          <Text c="dimmed">{t("help")}</Text>
        </div>
        <Anchor
          href={`/admin/export/audit.csv${auditQuery(filter)}`}
          className={classes["export"] ?? ""}
          download
        >
          <ConsoleIcon name="download" />
          {t("export")}
        </Anchor>
      </Group>
      <AuditFilters filter={filter} onChange={(changes) => change({ ...changes, entry: null }, "push")} />
      {dropped.length > 0 && (
        <Alert color="yellow" icon={<Drawing name="warning" />} title={t("dropped")}>
          {t("dropped_help", { parts: dropped.map((part) => t(`filter_${part}`)).join(", ") })}
        </Alert>
      )}
      <ListStates
        list={list}
        rowHeight={72}
        empty={
          <Empty title={isFiltered ? t("none_found") : t("none")} icon="receipt">
            {isFiltered ? t("none_found_help") : t("none_help")}
          </Empty>
        }
      >
        {(entries) => (
          <div className={classes["list"]}>
            {entries.map((entry) => (
              <AuditEntry key={entry.id} entry={entry} linked={entry.id === linked} />
            ))}
          </div>
        )}
      </ListStates>
    </Stack>
  );
}
