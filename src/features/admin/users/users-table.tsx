"use client";

import { Anchor, Badge, Button, Group, Table, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import Link from "next/link";
import type { Role } from "#src/contract/roles.ts";
import type { UserRow } from "#src/server/operations/console/users.ts";
import { Moment } from "../../goals/moment.tsx";
import { useConsoleCaller } from "../frame/caller.tsx";
import { WideTable } from "../wide-table.tsx";
import classes from "./users.module.css";

const colors: Record<Role, string> = {
  viewer: "gray",
  streamer: "blue",
  moderator: "yellow",
  admin: "red",
};

/** Where the console shows what an account has to do with. */
const goalsOf = ({ role, id }: UserRow) =>
  role === "streamer" ? `/admin/goals?streamer=${id}` : `/admin/goals?viewer=${id}`;

/** Accounts with their roles; with `onChange`, roles can be changed, but never one's own. */
export function UsersTable({
  users,
  onChange,
}: {
  users: readonly UserRow[];
  onChange?: (user: UserRow) => void;
}) {
  const t = useTranslations("console_people");
  const roles = useTranslations("roles");
  const caller = useConsoleCaller();
  return (
    <WideTable label={t("users")} minWidth={onChange === undefined ? 720 : 880}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("person")}</Table.Th>
          <Table.Th>{t("role")}</Table.Th>
          <Table.Th>{t("created")}</Table.Th>
          <Table.Th>{t("id")}</Table.Th>
          <Table.Th>{t("more_of")}</Table.Th>
          {onChange !== undefined && <Table.Th>{t("change")}</Table.Th>}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {users.map((user) => (
          <Table.Tr key={user.id} data-user={user.id}>
            <Table.Td>
              <Text fw={600}>{user.name}</Text>
              <Text size="sm" c="dimmed" className={classes["email"] ?? ""}>
                {user.email}
              </Text>
            </Table.Td>
            <Table.Td>
              <Badge variant="light" color={colors[user.role]} data-role={user.role}>
                {roles(user.role)}
              </Badge>
            </Table.Td>
            <Table.Td className={classes["nowrap"] ?? ""}>
              {user.created === null ? "–" : <Moment iso={user.created} />}
            </Table.Td>
            <Table.Td className={classes["id"] ?? ""}>{user.id}</Table.Td>
            <Table.Td>
              <Group gap="sm" wrap="nowrap">
                {(user.role === "streamer" || user.role === "viewer") && (
                  <Anchor
                    component={Link}
                    href={goalsOf(user)}
                    prefetch={false}
                    size="sm"
                    aria-label={t("goals_of", { name: user.name })}
                  >
                    {t("goals")}
                  </Anchor>
                )}
                {user.role === "streamer" && (
                  <Anchor
                    component={Link}
                    href={`/admin/sessions?streamer=${user.id}`}
                    prefetch={false}
                    size="sm"
                    aria-label={t("sessions_of", { name: user.name })}
                  >
                    {t("sessions")}
                  </Anchor>
                )}
              </Group>
            </Table.Td>
            {onChange !== undefined && (
              <Table.Td>
                {user.id === caller.id ? (
                  <Text size="sm" c="dimmed">
                    {t("yourself")}
                  </Text>
                ) : (
                  <Button
                    variant="default"
                    size="sm"
                    aria-label={t("change_role_of", { name: user.name })}
                    onClick={() => onChange(user)}
                  >
                    {t("change_role")}
                  </Button>
                )}
              </Table.Td>
            )}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  );
}
