"use client";

import { Alert, Button, Checkbox, Group, List, Modal, NativeSelect, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { type Role, roles } from "#src/contract/roles.ts";
import type { UserRow } from "#src/server/operations/console/users.ts";
import { useTRPC } from "../../api/api-provider.tsx";
import { problemOf } from "../../api/problem.ts";
import { Drawing } from "../../shell/icons.tsx";
import { rememberReason } from "../actions/last-reasons.ts";
import { isReason, ReasonField } from "../actions/reason-field.tsx";
import { newRequestId } from "../actions/request-id.ts";
import classes from "./users.module.css";

/** Changes what an account may do: shows what it was and will be, wants a reason, and is confirmed by name. */
export function RoleDialog({
  user,
  onClose,
  onChanged,
}: {
  user: UserRow;
  onClose: () => void;
  onChanged: () => void;
}) {
  const t = useTranslations("console_people");
  const names = useTranslations("roles");
  const problems = useTranslations("problems");
  const trpc = useTRPC();
  const [role, setRole] = useState<Role>(user.role);
  const [reason, setReason] = useState("");
  const [sure, setSure] = useState(false);
  // The same request, sent again because no answer came, is the same change.
  const [requestId, setRequestId] = useState(newRequestId);
  const { mutate, isPending, error } = useMutation(
    trpc.admin.users.setRole.mutationOptions({
      onSuccess: ({ after }) => {
        notifications.show({
          color: "green",
          title: t("changed"),
          message: t("changed_help", { name: user.name, role: names(after) }),
        });
        rememberReason(reason);
        onChanged();
        onClose();
      },
      onError: onChanged,
    }),
  );

  const isReady = role !== user.role && isReason(reason) && sure;
  const problem = error === null ? null : problemOf(error);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (isReady) mutate({ user_id: user.id, role, reason, request_id: requestId });
  }

  /** Another change is another request, and wants to be confirmed anew. */
  function another(): void {
    setRequestId(newRequestId());
    setSure(false);
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={t("change_role_of", { name: user.name })}
      closeButtonProps={{ "aria-label": t("cancel"), size: "lg" }}
      classNames={{ header: classes["header"] ?? "", title: classes["title"] ?? "" }}
      // The library's header would be a second banner of the page.
      attributes={{ header: { role: "presentation" } }}
      size="lg"
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {user.email}
          </Text>
          <NativeSelect
            label={t("new_role")}
            data-autofocus
            value={role}
            onChange={({ currentTarget }) => {
              setRole(roles.find((name) => name === currentTarget.value) ?? user.role);
              another();
            }}
          >
            {roles.map((name) => (
              <option key={name} value={name}>
                {names(name)}
              </option>
            ))}
          </NativeSelect>
          <div className={classes["change"]} aria-live="polite">
            <Group gap="sm" className={classes["before_after"] ?? ""}>
              <span>
                {t("before")} <strong>{names(user.role)}</strong>
              </span>
              <Drawing name="out" />
              <span>
                {t("after")} <strong>{names(role)}</strong>
              </span>
            </Group>
            {role === user.role ? (
              <Text size="sm">{t("no_change")}</Text>
            ) : (
              <List size="sm" spacing={4}>
                <List.Item>{t(`means_${role}`)}</List.Item>
                <List.Item>{t("means_connections")}</List.Item>
                <List.Item>{t("means_audit")}</List.Item>
              </List>
            )}
          </div>
          <ReasonField
            value={reason}
            onChange={(next) => {
              setReason(next);
              another();
            }}
            readOnly={isPending}
            showProblem={false}
          />
          <Checkbox
            label={t("sure", { name: user.name, before: names(user.role), after: names(role) })}
            checked={sure}
            disabled={role === user.role}
            onChange={({ currentTarget }) => setSure(currentTarget.checked)}
            className={classes["sure"] ?? ""}
          />
          {problem !== null && (
            <Alert
              color="red"
              title={t("not_changed")}
              icon={<Drawing name="warning" />}
              data-problem={problem}
            >
              {problem === "action_refused" ? t("refused") : problems(problem)}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" disabled={!isReady} loading={isPending}>
              {t("confirm", { role: names(role) })}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
