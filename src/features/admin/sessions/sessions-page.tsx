"use client";

import { Anchor, Badge, Button, Group, SegmentedControl, Stack, Table, Text, Title } from "@mantine/core";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { adminChannel } from "#src/contract/channels.ts";
import { readObjectId } from "#src/contract/ids.ts";
import type { SessionRow } from "#src/server/operations/console/sessions.ts";
import { useTRPC } from "../../api/api-provider.tsx";
import { Moment } from "../../goals/moment.tsx";
import { Drawing } from "../../shell/icons.tsx";
import { Empty } from "../../shell/states.tsx";
import { ListStates } from "../list/list-states.tsx";
import { useAddress } from "../list/use-address.ts";
import { useKeysetList } from "../list/use-keyset-list.ts";
import { WideTable } from "../wide-table.tsx";
import classes from "./sessions.module.css";

const hints = { channels: [adminChannel], events: ["goal.updated"] } as const;
const standings = ["all", "live", "over"] as const;

/** Every session, the newest first: on air or over, of one streamer or of all. */
export function SessionsPage() {
  const t = useTranslations("console_people");
  const trpc = useTRPC();
  const [query, change] = useAddress();
  const standing = standings.find((name) => name === query.get("on")) ?? "all";
  const streamer = readObjectId(query.get("streamer") ?? "") ?? undefined;
  const list = useKeysetList(
    trpc.admin.sessions.list.infiniteQueryOptions(
      {
        ...(standing !== "all" && { live: standing === "live" }),
        ...(streamer !== undefined && { streamer }),
      },
      { getNextPageParam: ({ next }) => next },
    ),
    hints,
    (page) => page.sessions,
    ({ id }) => id,
  );
  const name = list.rows?.find((row) => row.streamer.id === streamer)?.streamer.name ?? streamer;
  return (
    <Stack gap="lg">
      <Title order={1}>{t("sessions")}</Title>
      <Group gap="md">
        <SegmentedControl
          aria-label={t("standing")}
          className={classes["standings"] ?? ""}
          data={standings.map((value) => ({ value, label: t(`standing_${value}`) }))}
          value={standing}
          onChange={(value) => change({ on: value === "all" ? null : value })}
        />
        {streamer !== undefined && (
          <Group gap={4}>
            <Text size="sm">{t("only_streamer", { name: name ?? "" })}</Text>
            <Button
              variant="subtle"
              size="sm"
              leftSection={<Drawing name="cross" />}
              onClick={() => change({ streamer: null }, "push")}
            >
              {t("all_streamers")}
            </Button>
          </Group>
        )}
      </Group>
      <ListStates
        list={list}
        empty={
          <Empty title={t(standing === "live" ? "nobody_live" : "no_sessions")} icon="clock">
            {t("no_sessions_help")}
          </Empty>
        }
      >
        {(sessions) => <Sessions sessions={sessions} />}
      </ListStates>
    </Stack>
  );
}

function Sessions({ sessions }: { sessions: readonly SessionRow[] }) {
  const t = useTranslations("console_people");
  return (
    <WideTable label={t("sessions")} minWidth={860}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("streamer")}</Table.Th>
          <Table.Th>{t("ended")}</Table.Th>
          <Table.Th>{t("began")}</Table.Th>
          <Table.Th>{t("session")}</Table.Th>
          <Table.Th ta="end">{t("pending")}</Table.Th>
          <Table.Th ta="end">{t("pairs")}</Table.Th>
          <Table.Th ta="end">{t("invited")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {sessions.map((session) => (
          <Table.Tr key={session.id} data-session={session.id}>
            <Table.Td>
              <Anchor
                component={Link}
                href={`/admin/sessions?streamer=${session.streamer.id}`}
                prefetch={false}
                fw={600}
                title={t("only_streamer", { name: session.streamer.name })}
              >
                {session.streamer.name}
              </Anchor>
            </Table.Td>
            <Table.Td className={classes["nowrap"] ?? ""}>
              <Standing session={session} />
            </Table.Td>
            <Table.Td className={classes["nowrap"] ?? ""}>
              <Moment iso={session.created} />
            </Table.Td>
            <Table.Td>
              <Anchor
                component={Link}
                href={`/admin/sessions/${session.id}`}
                prefetch={false}
                className={classes["id"] ?? ""}
              >
                {session.id}
              </Anchor>
            </Table.Td>
            {[session.pending, session.pairs, session.invitations].map((count, place) => (
              <Table.Td key={place} ta="end" className={classes["number"] ?? ""}>
                {count}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  );
}

/** Whether a session is on air, or since when it is over. */
export function Standing({ session: { ended } }: { session: SessionRow }) {
  const t = useTranslations("console_people");
  return ended === null ? (
    <Badge variant="light" color="green">
      {t("on_air")}
    </Badge>
  ) : (
    <Moment iso={ended} />
  );
}
