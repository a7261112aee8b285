"use client";

import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { adminChannel } from "#src/contract/channels.ts";
import { useTRPC } from "../../api/api-provider.tsx";
import { Drawing } from "../../shell/icons.tsx";
import { Empty } from "../../shell/states.tsx";
import { ListStates } from "../list/list-states.tsx";
import { useAddress } from "../list/use-address.ts";
import { useKeysetList } from "../list/use-keyset-list.ts";
import { readSearch } from "./account.ts";
import { TransfersTable } from "./transfers-table.tsx";
import classes from "./ledger.module.css";

const hints = { channels: [adminChannel], events: ["goal.updated", "ledger.checked"] } as const;
const longestName = 200;

/** What has moved, the newest first; of one account or one escrow, where the address asks for it. */
export function Transfers() {
  const t = useTranslations("console_ledger");
  const trpc = useTRPC();
  const [query, change] = useAddress();
  const account = query.get("account")?.slice(0, longestName) || undefined;
  const escrow = query.get("escrow")?.slice(0, longestName) || undefined;
  const list = useKeysetList(
    trpc.admin.ledger.transfers.infiniteQueryOptions(
      { ...(account !== undefined && { account }), ...(escrow !== undefined && { escrow }) },
      { getNextPageParam: ({ next }) => next },
    ),
    hints,
    (page) => page.transfers,
    ({ id }) => id,
  );
  const filter = account ?? escrow;
  const clear = () => change({ view: "transfers", account: null, escrow: null }, "push");
  return (
    <Stack gap="md">
      <Filter
        // Another filter, by a link or by Back, is another form.
        key={filter ?? ""}
        filter={filter ?? ""}
        onFilter={(text) => {
          const wanted = readSearch(text);
          change({ view: "transfers", account: null, escrow: null, ...wanted }, "push");
        }}
      />
      {filter !== undefined && (
        <Group gap="xs">
          <Text size="sm">{t(account === undefined ? "of_escrow" : "of_account")}</Text>
          <Text size="sm" className={classes["id"] ?? ""}>
            {filter}
          </Text>
          <Button variant="subtle" size="sm" leftSection={<Drawing name="cross" />} onClick={clear}>
            {t("clear")}
          </Button>
        </Group>
      )}
      <ListStates
        list={list}
        empty={
          <Empty title={t(filter === undefined ? "no_transfers" : "none_of_filter")} icon="receipt">
            {t(filter === undefined ? "no_transfers_help" : "none_of_filter_help")}
          </Empty>
        }
      >
        {(transfers) => <TransfersTable transfers={transfers} />}
      </ListStates>
    </Stack>
  );
}

function Filter({ filter, onFilter }: { filter: string; onFilter: (text: string) => void }) {
  const t = useTranslations("console_ledger");
  const [text, setText] = useState(filter);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onFilter(text);
  };
  return (
    <form onSubmit={submit} className={classes["filter"]}>
      <TextInput
        label={t("filter")}
        description={t("filter_help")}
        value={text}
        maxLength={longestName}
        className={classes["grow"] ?? ""}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      <Button type="submit" variant="default">
        {t("filter_go")}
      </Button>
    </form>
  );
}
