"use client";

import { Alert, NativeSelect, Stack, TextInput, Title } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { adminChannel } from "#src/contract/channels.ts";
import { roles } from "#src/contract/roles.ts";
import type { UserRow } from "#src/server/operations/console/users.ts";
import { useTRPC } from "../../api/api-provider.tsx";
import { Empty } from "../../shell/states.tsx";
import { useConsoleCaller } from "../frame/caller.tsx";
import { ConsoleIcon } from "../frame/icons.tsx";
import { ListStates } from "../list/list-states.tsx";
import { useAddress } from "../list/use-address.ts";
import { useKeysetList } from "../list/use-keyset-list.ts";
import { RoleDialog } from "./role-dialog.tsx";
import { UsersTable } from "./users-table.tsx";
import classes from "./users.module.css";

// No message speaks of accounts; the net is what keeps the list fresh.
const hints = { channels: [adminChannel], events: [] } as const;
const typing_ms = 300;
const longest = 200;

/** Every account, by e-mail address; admins change roles here. */
export function UsersPage() {
  const t = useTranslations("console_people");
  const names = useTranslations("roles");
  const caller = useConsoleCaller();
  const trpc = useTRPC();
  const [query, change] = useAddress();
  const q = query.get("q")?.trim().slice(0, longest) || undefined;
  const role = roles.find((name) => name === query.get("role"));
  const list = useKeysetList(
    trpc.admin.users.list.infiniteQueryOptions(
      { ...(q !== undefined && { q }), ...(role !== undefined && { role }) },
      { getNextPageParam: ({ next }) => next },
    ),
    hints,
    (page) => page.users,
    ({ id }) => id,
  );
  const [changing, setChanging] = useState<UserRow | null>(null);
  return (
    <Stack gap="lg">
      <Title order={1}>{t("users")}</Title>
      {caller.role !== "admin" && (
        <Alert color="blue" icon={<ConsoleIcon name="users" />} title={t("admins_only")}>
          {t("admins_only_help")}
        </Alert>
      )}
      <search className={classes["filters"]}>
        <Search
          // A link or Back brings another search: another field.
          key={q ?? ""}
          q={q ?? ""}
          onSearch={(text) => change({ q: text.trim() })}
        />
        <NativeSelect
          label={t("role")}
          value={role ?? ""}
          onChange={({ currentTarget }) => change({ role: currentTarget.value })}
        >
          <option value="">{t("any_role")}</option>
          {roles.map((name) => (
            <option key={name} value={name}>
              {names(name)}
            </option>
          ))}
        </NativeSelect>
      </search>
      <ListStates
        list={list}
        empty={
          <Empty title={t("no_users")} icon="envelope">
            {t("no_users_help")}
          </Empty>
        }
      >
        {(users) => <UsersTable users={users} {...(caller.role === "admin" && { onChange: setChanging })} />}
      </ListStates>
      {changing !== null && (
        <RoleDialog
          key={changing.id}
          user={changing}
          onClose={() => setChanging(null)}
          onChanged={list.readAgain}
        />
      )}
    </Stack>
  );
}

/** The search field: what is typed goes into the address once the typing pauses. */
function Search({ q, onSearch }: { q: string; onSearch: (text: string) => void }) {
  const t = useTranslations("console_people");
  const [text, setText] = useState(q);
  const search = useDebouncedCallback(onSearch, typing_ms);
  return (
    <TextInput
      type="search"
      label={t("search")}
      description={t("search_help")}
      inputWrapperOrder={["label", "input", "description", "error"]}
      leftSection={<ConsoleIcon name="search" />}
      className={classes["search"] ?? ""}
      value={text}
      maxLength={longest}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        search(currentTarget.value);
      }}
    />
  );
}
