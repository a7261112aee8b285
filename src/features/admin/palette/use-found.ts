"use client";

import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useTRPC } from "../../api/api-provider.tsx";
import { type ClientProblem, problemOf } from "../../api/problem.ts";
import { type Command, pastedId } from "./command.ts";

const typing_ms = 200;
const shortest = 2;

/** What the server finds for a query, as commands. */
export interface FoundCommands {
  readonly commands: readonly Command[];
  /** An answer to what is written now is on its way. */
  readonly busy: boolean;
  readonly problem: ClientProblem | null;
  readonly again: () => void;
}

/** Goals, people and sessions by what is typed, some time after the last letter; by a pasted id at once. */
export function useFound(query: string, opened: boolean): FoundCommands {
  const t = useTranslations("console");
  const roles = useTranslations("roles");
  const router = useRouter();
  const trpc = useTRPC();
  const wanted = (pastedId(query) ?? query).trim();
  const [typed] = useDebouncedValue(wanted, typing_ms);
  const q = pastedId(query) === null ? typed : wanted;
  const enabled = opened && q.length >= shortest && q.length <= 200;
  const { data, error, isFetching, refetch } = useQuery(
    trpc.admin.search.queryOptions({ q }, { enabled, staleTime: 5_000, gcTime: 60_000 }),
  );
  const isLong = wanted.length >= shortest;
  const found = enabled && isLong ? data : undefined;
  const go = (href: string) => () => router.push(href);
  return {
    commands: [
      ...(found?.goals ?? []).map((goal): Command => ({
        id: `goal-${goal.id}`,
        group: "goals",
        icon: "goals",
        label: t("found_goal", { viewer: goal.viewer, streamer: goal.streamer }),
        description: goal.id,
        run: go(`/admin/goals/${goal.id}`),
      })),
      ...(found?.users ?? []).map((user): Command => ({
        id: `user-${user.id}`,
        group: "users",
        icon: "person",
        label: t("found_user", { name: user.name, role: roles(user.role) }),
        description: user.email,
        run: go(`/admin/users?q=${encodeURIComponent(user.email)}`),
      })),
      ...(found?.sessions ?? []).map((session): Command => ({
        id: `session-${session.id}`,
        group: "sessions",
        icon: "sessions",
        label: t("found_session", { streamer: session.streamer }),
        description: session.id,
        run: go(`/admin/sessions/${session.id}`),
      })),
    ],
    busy: isLong && (isFetching || q !== wanted),
    problem: isLong && error !== null ? problemOf(error) : null,
    again: () => void refetch(),
  };
}
