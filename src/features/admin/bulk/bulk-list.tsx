"use client";

import { Stack, Text, Title } from "@mantine/core";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { adminChannel } from "#src/contract/channels.ts";
import type { BulkView } from "#src/server/operations/console/bulk.ts";
import { useTRPC } from "../../api/api-provider.tsx";
import { useFormats } from "../../i18n/use-formats.ts";
import { Empty } from "../../shell/states.tsx";
import { Age } from "../goals/age.tsx";
import { ListStates } from "../list/list-states.tsx";
import { useKeysetList } from "../list/use-keyset-list.ts";
import { BulkBadge } from "./bulk-badge.tsx";
import { BulkProgress } from "./bulk-progress.tsx";
import classes from "./bulk.module.css";
import { useWhatWords } from "./use-what-words.ts";

const hints = { channels: [adminChannel], events: ["bulk.updated"] } as const;

/** All actions on many goals, the newest first; those that wait for a second admin before all others. */
export function BulkList() {
  const t = useTranslations("console_bulk");
  const trpc = useTRPC();
  const list = useKeysetList(
    trpc.admin.bulk.list.infiniteQueryOptions({ limit: 50 }, { getNextPageParam: ({ next }) => next }),
    hints,
    (page) => page.actions,
    ({ id }) => id,
  );
  return (
    <Stack gap="md">
      <div>
        <Title order={1}>{t("title")}</Title>
        <Text c="dimmed">{t("title_help")}</Text>
      </div>
      <ListStates list={list} empty={<Empty title={t("empty")}>{t("empty_help")}</Empty>} rowHeight={120}>
        {(bulks) => (
          <ul className={classes["list"]}>
            {bulks
              .toSorted((a, b) => Number(isAwaiting(b)) - Number(isAwaiting(a)))
              .map((bulk) => (
                <BulkItem key={bulk.id} bulk={bulk} />
              ))}
          </ul>
        )}
      </ListStates>
    </Stack>
  );
}

const isAwaiting = ({ status }: BulkView) => status === "awaiting_approval";

function BulkItem({ bulk }: { bulk: BulkView }) {
  const t = useTranslations("console_bulk");
  const formats = useFormats();
  const wordsOf = useWhatWords();
  return (
    <li className={classes["item"]} data-bulk={bulk.id} data-awaiting={isAwaiting(bulk) || undefined}>
      <div className={classes["itemhead"]}>
        <Link href={`/admin/bulk/${bulk.id}`} prefetch={false} className={classes["itemlink"]}>
          {wordsOf(bulk.what)}
        </Link>
        <BulkBadge status={bulk.status} />
      </div>
      <p className={classes["reason"]}>{bulk.reason}</p>
      <BulkProgress bulk={bulk} withWords={false} />
      <div className={classes["itemfoot"]}>
        <span>{t("of_goals", { goals: bulk.goals, items: bulk.items })}</span>
        {bulk.amounts.map(({ amount, currency }) => (
          <span key={currency}>{formats.money(amount, currency)}</span>
        ))}
        {bulk.settled.failed > 0 && (
          <span className={classes["bad"]}>{t("failed_count", { count: bulk.settled.failed })}</span>
        )}
        <span className={classes["by"]}>
          {t("by", { name: bulk.actor.name })} · <Age iso={bulk.created} />
        </span>
      </div>
    </li>
  );
}
