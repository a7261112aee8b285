"use client";

import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { useTRPC } from "../../api/api-provider.tsx";
import { problemOf } from "../../api/problem.ts";
import { noteSessionEnded } from "../../api/session.ts";
import { rememberReason } from "../actions/last-reasons.ts";
import { isReason, ReasonField } from "../actions/reason-field.tsx";
import { Unconfirmed } from "../actions/unconfirmed.tsx";
import classes from "./bulk.module.css";
import { isUnsure, useSureRequest } from "./use-sure-request.ts";

export type Decision = "approve" | "reject" | "stop";

/** Lets an action on many goals go, rejects it, or stops it; with a reason, once however often it is pressed. */
export function DecisionDialog({
  bulkId,
  decision,
  onClose,
  onDone,
}: {
  bulkId: string;
  decision: Decision;
  onClose: () => void;
  onDone: () => void;
}) {
  const t = useTranslations("console_bulk");
  const { bulk } = useTRPC().admin;
  const request = useSureRequest();
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const handlers = {
    onSuccess: (_status: unknown, sent: { readonly reason: string }) => {
      rememberReason(sent.reason);
      onDone();
    },
    onError: (error: unknown) => {
      const found = problemOf(error);
      request.note(found);
      if (found === "unauthenticated") noteSessionEnded();
    },
  };
  const approve = useMutation(bulk.approve.mutationOptions(handlers));
  const reject = useMutation(bulk.reject.mutationOptions(handlers));
  const stop = useMutation(bulk.stop.mutationOptions(handlers));
  const mutation = { approve, reject, stop }[decision];
  const problem = mutation.error === null ? null : problemOf(mutation.error);

  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (!isReason(reason) || mutation.isPending) return;
    mutation.mutate({ bulk_id: bulkId, reason: reason.trim(), request_id: request.requestId });
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={t(`decide.${decision}`)}
      size="lg"
      closeButtonProps={{ "aria-label": t("close"), size: "lg" }}
      classNames={{ title: classes["dialogtitle"] ?? "", header: classes["dialoghead"] ?? "" }}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <Text>{t(`decide_help.${decision}`)}</Text>
          <ReasonField
            value={reason}
            onChange={setReason}
            readOnly={mutation.isPending || isUnsure(problem)}
            showProblem={tried}
          />
          {problem !== null && !mutation.isPending && (
            <Unconfirmed problem={problem} isOpen={isUnsure(problem)} />
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button
              type="submit"
              loading={mutation.isPending}
              {...(decision !== "approve" && { color: "red" })}
            >
              {t(`decide.${decision}`)}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
