"use client";

import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "../../api/api-provider.tsx";
import { problemOf } from "../../api/problem.ts";
import { newRequestId } from "../actions/request-id.ts";

/** Asks for a check of the whole ledger, by hand: audited like everything done so. The light says what comes of it. */
export function useCheck() {
  const t = useTranslations("console_ledger");
  const problems = useTranslations("problems");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation(
    trpc.admin.ledger.check.mutationOptions({
      onSuccess: () => void queryClient.invalidateQueries({ queryKey: trpc.admin.ledger.light.queryKey() }),
      onError: (error) =>
        void notifications.show({
          color: "red",
          title: t("check_failed"),
          message: problems(problemOf(error)),
        }),
    }),
  );
  return {
    isPending,
    /** `onAsked` is called once the server has taken it. */
    ask: (onAsked: () => void) =>
      mutate({ reason: t("checked_by_hand"), request_id: newRequestId() }, { onSuccess: onAsked }),
  };
}
