"use client";

import { Alert, Button, Group, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import type { BulkWhat, GoalFilter } from "#src/contract/console.ts";
import type { BulkPreview } from "#src/server/operations/console/bulk.ts";
import { useTRPC } from "../../api/api-provider.tsx";
import { problemOf } from "../../api/problem.ts";
import { noteSessionEnded } from "../../api/session.ts";
import { Drawing } from "../../shell/icons.tsx";
import { rememberReason } from "../actions/last-reasons.ts";
import { isReason, ReasonField } from "../actions/reason-field.tsx";
import { Unconfirmed } from "../actions/unconfirmed.tsx";
import classes from "./bulk.module.css";
import { isUnsure, useSureRequest } from "./use-sure-request.ts";

/** Why, and the number of goals typed by hand; then it starts, and its page shows how it goes on. */
export function BulkConfirm({
  filter,
  what,
  preview,
  isCounting,
  onCountAgain,
  onOpen,
  onClose,
}: {
  filter: GoalFilter;
  what: BulkWhat;
  preview: BulkPreview;
  isCounting: boolean;
  onCountAgain: () => void;
  /** Told whether it is sent and not known to be refused: nothing about it may change then. */
  onOpen: (isOpen: boolean) => void;
  onClose: () => void;
}) {
  const t = useTranslations("console_bulk");
  const trpc = useTRPC();
  const router = useRouter();
  const request = useSureRequest();
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const [tried, setTried] = useState(false);
  const [changed, setChanged] = useState(false);
  const start = useMutation(
    trpc.admin.bulk.start.mutationOptions({
      onSuccess: ({ bulk_id }, sent) => {
        rememberReason(sent.reason);
        router.push(`/admin/bulk/${bulk_id}`);
      },
      onError: (error) => {
        const found = problemOf(error);
        request.note(found);
        onOpen(isUnsure(found));
        if (found === "unauthenticated") noteSessionEnded();
        if (found !== "selection_changed") return;
        setChanged(true);
        setTyped("");
        onCountAgain();
      },
    }),
  );
  const problem = start.error === null ? null : problemOf(start.error);
  const isOpen = start.isPending || start.isSuccess || isUnsure(problem);
  const isTyped = typed.trim() === preview.confirmation;
  const isPossible = preview.goals > 0 && !preview.too_many;

  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (!isPossible || !isReason(reason) || !isTyped || isCounting || start.isPending || start.isSuccess)
      return;
    setChanged(false);
    onOpen(true);
    start.mutate({
      filter,
      what,
      confirmation: preview.confirmation,
      reason: reason.trim(),
      request_id: request.requestId,
    });
  }

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {changed && (
          <Alert
            role="alert"
            color="yellow"
            title={t("changed")}
            icon={<Drawing name="warning" />}
            data-problem="selection_changed"
          >
            {isCounting ? t("counting") : t("changed_help", { goals: preview.goals, items: preview.items })}
          </Alert>
        )}
        {isPossible && (
          <>
            <ReasonField value={reason} onChange={setReason} readOnly={isOpen} showProblem={tried} />
            <TextInput
              label={t("confirm", { number: preview.confirmation })}
              description={t("confirm_help")}
              inputMode="numeric"
              autoComplete="off"
              required
              value={typed}
              readOnly={isOpen}
              error={
                tried && !isTyped && !changed ? t("confirm_problem", { number: preview.confirmation }) : null
              }
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          </>
        )}
        {problem !== null && problem !== "selection_changed" && !start.isPending && (
          <Unconfirmed problem={problem} isOpen={isUnsure(problem)} />
        )}
        <Group justify="flex-end" gap="sm" className={classes["dialogfoot"] ?? ""}>
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
          {isPossible && (
            <Button type="submit" loading={start.isPending || start.isSuccess}>
              {isUnsure(problem)
                ? t("again")
                : t(preview.needs_approval ? "ask" : "start", { goals: preview.goals })}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}
