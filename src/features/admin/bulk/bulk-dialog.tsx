"use client";

import { Modal, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { BulkWhat, GoalFilter } from "#src/contract/console.ts";
import { useTRPC } from "../../api/api-provider.tsx";
import { problemOf } from "../../api/problem.ts";
import { Failed, Loading } from "../../shell/states.tsx";
import { EffectName } from "../actions/effect-name.tsx";
import { fromLocalField, toLocalField } from "../goals/local-time.ts";
import { BulkConfirm } from "./bulk-confirm.tsx";
import { BulkExtent } from "./bulk-extent.tsx";
import classes from "./bulk.module.css";
import { FilterParts } from "./filter-parts.tsx";

/**
 * An action on many goals: first how many and how much it would touch, then why, then the number typed by hand, and only
 * then it starts. Each opening is an action of its own.
 */
export function BulkDialog({
  filter: given,
  what: proposed,
  onClose,
}: {
  filter: GoalFilter;
  what: BulkWhat;
  onClose: () => void;
}) {
  const t = useTranslations("console_bulk");
  const trpc = useTRPC();
  const isNarrow = useMediaQuery("(max-width: 47.99em)");
  // How the list was ordered does not matter to what is done, but the order decides what the times are of.
  const [filter, setFilter] = useState(given);
  const [what, setWhat] = useState(proposed);
  const [isOpen, setOpen] = useState(false);
  const preview = useQuery({
    ...trpc.admin.bulk.preview.queryOptions({ filter, what }),
    gcTime: 0,
    // What was read is what is confirmed: it does not change under the hand.
    refetchOnWindowFocus: false,
  });
  const { data, error, isFetching } = preview;
  return (
    <Modal
      opened
      onClose={onClose}
      size="42rem"
      radius={isNarrow === true ? 0 : "lg"}
      fullScreen={isNarrow === true}
      title={t(what.kind === "failed" ? "retry_failed" : "retry_column")}
      closeButtonProps={{ "aria-label": t("close"), size: "lg" }}
      classNames={{ title: classes["dialogtitle"] ?? "", header: classes["dialoghead"] ?? "" }}
    >
      <Stack gap="md">
        {what.kind === "receiver" && (
          <>
            <Text component="div" fw={600}>
              <EffectName effect={what.receiver} />
            </Text>
            <Switch
              size="md"
              label={t("only_failed")}
              description={t("only_failed_help")}
              checked={what.only_failed}
              disabled={isOpen}
              onChange={(event) => setWhat({ ...what, only_failed: event.currentTarget.checked })}
            />
          </>
        )}
        <div>
          <Text size="sm" fw={600} mb={4}>
            {t("among")}
          </Text>
          <FilterParts filter={filter} />
        </div>
        <TextInput
          type="datetime-local"
          label={t("since")}
          description={t(filter.sort === "ended" ? "since_end" : "since_creation")}
          className={classes["since"] ?? ""}
          value={filter.from === undefined ? "" : toLocalField(filter.from)}
          disabled={isOpen}
          onChange={(event) => {
            const from = fromLocalField(event.currentTarget.value);
            const { from: _before, ...rest } = filter;
            setFilter(from === undefined ? rest : { ...rest, from });
          }}
        />
        {data === undefined ? (
          error === null ? (
            <Loading rows={1} height={92} />
          ) : (
            <Failed problem={problemOf(error)} onRetry={() => void preview.refetch()} busy={isFetching} />
          )
        ) : (
          <>
            <BulkExtent preview={data} />
            <BulkConfirm
              filter={filter}
              what={what}
              preview={data}
              isCounting={isFetching}
              onCountAgain={() => void preview.refetch()}
              onOpen={setOpen}
              onClose={onClose}
            />
          </>
        )}
      </Stack>
    </Modal>
  );
}
