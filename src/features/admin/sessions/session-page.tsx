"use client";

import { Accordion, Anchor, Badge, Button, Code, Group, Paper, Stack, Table, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { adminChannel } from "#src/contract/channels.ts";
import type { AppRouter } from "#src/server/trpc/router.ts";
import { useTRPC } from "../../api/api-provider.tsx";
import { problemOf } from "../../api/problem.ts";
import facts from "../../goals/facts.module.css";
import { Facts } from "../../goals/facts.tsx";
import { Moment } from "../../goals/moment.tsx";
import { useNet } from "../../live/use-live-query.ts";
import { BackLink } from "../../shell/back-link.tsx";
import { Section } from "../../shell/section.tsx";
import { Empty, Failed, Loading, Stale } from "../../shell/states.tsx";
import { useHints } from "../list/use-hints.ts";
import { WideTable } from "../wide-table.tsx";
import { Standing } from "./sessions-page.tsx";
import classes from "./sessions.module.css";

type Detail = inferRouterOutputs<AppRouter>["admin"]["sessions"]["byId"];

const hints = { channels: [adminChannel], events: ["goal.updated"] } as const;
const gap_ms = 500;

/** One session: who invited, how their pairs stand, and the document as it is. */
export function SessionPage({ sessionId }: { sessionId: string }) {
  const t = useTranslations("console_people");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const options = trpc.admin.sessions.byId.queryOptions({ session_id: sessionId });
  const readAgain = () => queryClient.invalidateQueries({ queryKey: options.queryKey });
  useHints(readAgain, hints, gap_ms);
  const { data, error, isFetching } = useQuery({ ...options, refetchInterval: useNet() });
  const trouble = error && {
    problem: problemOf(error),
    onRetry: () => void readAgain(),
    busy: isFetching,
  };
  return (
    <Stack gap="lg">
      <BackLink href="/admin/sessions">{t("back_to_sessions")}</BackLink>
      {trouble && data !== undefined && <Stale {...trouble} />}
      {data !== undefined ? (
        <Known detail={data} />
      ) : trouble ? (
        <>
          <Title order={1}>{t("session")}</Title>
          <Failed {...trouble} />
        </>
      ) : (
        <Loading rows={3} />
      )}
    </Stack>
  );
}

function Known({ detail: { session, pairs, document } }: { detail: Detail }) {
  const t = useTranslations("console_people");
  return (
    <>
      <Group gap="sm" justify="space-between">
        <Title order={1}>{t("session_of", { name: session.streamer.name })}</Title>
        <Button
          component={Link}
          href={`/admin/goals?session=${session.id}`}
          prefetch={false}
          variant="default"
        >
          {t("its_goals")}
        </Button>
      </Group>
      <Section title={t("facts")} titleHidden>
        <Paper withBorder p="md">
          <Facts
            facts={[
              [t("session"), <Code key="id">{session.id}</Code>],
              [
                t("streamer"),
                <Anchor
                  key="streamer"
                  component={Link}
                  href={`/admin/users?q=${session.streamer.id}`}
                  prefetch={false}
                >
                  {session.streamer.name}
                </Anchor>,
              ],
              [t("began"), <Moment key="began" iso={session.created} exact />],
              [t("ended"), <Standing key="ended" session={session} />],
              [t("pending"), session.pending],
              [t("pairs"), session.pairs],
              [t("invited"), session.invitations],
            ]}
          />
        </Paper>
      </Section>
      <Section title={t("pairs")}>
        {pairs.length === 0 ? (
          <Empty title={t("no_pairs")}>{t("no_pairs_help")}</Empty>
        ) : (
          <Pairs pairs={pairs} />
        )}
      </Section>
      <Section title={t("document")}>
        <Accordion variant="contained" order={3}>
          <Accordion.Item value="document">
            <Accordion.Control>{t("raw")}</Accordion.Control>
            <Accordion.Panel>
              <Code block className={facts["json"] ?? ""}>
                {JSON.stringify(document, null, 2)}
              </Code>
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
      </Section>
    </>
  );
}

const colors: Record<Detail["pairs"][number]["state"], string> = {
  pending: "blue",
  agreed: "green",
  live: "green",
  over: "gray",
  cooldown: "yellow",
  ended: "gray",
};

function Pairs({ pairs }: { pairs: Detail["pairs"] }) {
  const t = useTranslations("console_people");
  const studio = useTranslations("studio");
  return (
    <WideTable label={t("pairs")} minWidth={720}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("viewer")}</Table.Th>
          <Table.Th>{t("state")}</Table.Th>
          <Table.Th>{t("goal")}</Table.Th>
          <Table.Th>{t("ended")}</Table.Th>
          <Table.Th>{t("cooldown")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {pairs.map((pair) => (
          <Table.Tr key={pair.viewer.id} data-pair={pair.viewer.id}>
            <Table.Td>
              <Anchor component={Link} href={`/admin/users?q=${pair.viewer.id}`} prefetch={false} fw={600}>
                {pair.viewer.name}
              </Anchor>
            </Table.Td>
            <Table.Td>
              <Badge variant="light" color={colors[pair.state]}>
                {studio(`pair_${pair.state}`)}
              </Badge>
            </Table.Td>
            <Table.Td>
              <Anchor
                component={Link}
                href={`/admin/goals/${pair.goal_id}`}
                prefetch={false}
                className={classes["id"] ?? ""}
              >
                {pair.goal_id}
              </Anchor>
            </Table.Td>
            {[pair.ended, pair.cooldown_until].map((iso, place) => (
              <Table.Td key={place} className={classes["nowrap"] ?? ""}>
                {iso === null ? "–" : <Moment iso={iso} exact />}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  );
}
