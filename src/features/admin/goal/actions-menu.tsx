"use client";

import { Button, Menu, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { adminsOnly, type GoalAction, type GoalActionKind } from "#src/contract/console.ts";
import type { ReceiverId } from "#src/contract/receivers.ts";
import { Drawing, type IconName } from "../../shell/icons.tsx";
import { useConsoleCaller } from "../frame/caller.tsx";
import { RetryDrawing } from "./retry-drawing.tsx";
import type { Detail } from "./goal-types.ts";
import { PickReceivers } from "./pick-receivers.tsx";
import classes from "./goal.module.css";

type Simple = Exclude<GoalActionKind, "retry">;

const icons: Record<Simple, IconName> = {
  resend_signal: "out",
  decline: "cross",
  hold_refund: "lock",
  let_refund_go: "check",
  refund_now: "back",
};

/** What can be done to the goal by hand. What this caller may not do is shown all the same, and says whose it is. */
export function ActionsMenu({
  detail,
  failed,
  onAct,
}: {
  detail: Detail;
  failed: readonly ReceiverId[];
  onAct: (action: GoalAction) => void;
}) {
  const t = useTranslations("console_goal");
  const [isPicking, setIsPicking] = useState(false);
  const isPending = detail.view.state === "pending";
  const money: Simple = detail.held_back === null ? "hold_refund" : "let_refund_go";
  return (
    <div className={classes["actions"]}>
      {failed.length > 0 && (
        <Button
          leftSection={<RetryDrawing />}
          onClick={() => onAct({ kind: "retry", receivers: [...failed] })}
        >
          {t("retry_failed", { count: failed.length })}
        </Button>
      )}
      <Menu position="bottom-end" width={320} shadow="md" withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <Button variant="default" rightSection={<Chevron />}>
            {t("actions")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown className={classes["menu"] ?? ""}>
          <Menu.Item leftSection={<RetryDrawing />} disabled={isPending} onClick={() => setIsPicking(true)}>
            {t("retry_some")}
          </Menu.Item>
          <Item kind="resend_signal" disabled={isPending} onAct={onAct} />
          {isPending && <Item kind="decline" onAct={onAct} />}
          <Menu.Divider />
          <Menu.Label>{t("money_actions")}</Menu.Label>
          <Item kind={money} onAct={onAct} />
          <Item kind="refund_now" onAct={onAct} />
        </Menu.Dropdown>
      </Menu>
      <PickReceivers
        bars={detail.timeline.bars}
        opened={isPicking}
        onClose={() => setIsPicking(false)}
        onPicked={(receivers) => {
          setIsPicking(false);
          onAct({ kind: "retry", receivers });
        }}
      />
    </div>
  );
}

function Item({
  kind,
  disabled = false,
  onAct,
}: {
  kind: Simple;
  disabled?: boolean;
  onAct: (action: GoalAction) => void;
}) {
  const t = useTranslations("console_actions");
  const { role } = useConsoleCaller();
  // Reached by the keyboard like the others, so that everybody learns why: it only does nothing.
  const isBarred = adminsOnly.includes(kind) && role !== "admin";
  return (
    <Menu.Item
      leftSection={<Drawing name={icons[kind]} />}
      disabled={disabled}
      closeMenuOnClick={!isBarred}
      aria-disabled={isBarred || disabled}
      data-action={kind}
      className={classes["item"] ?? ""}
      onClick={() => {
        if (!isBarred) onAct({ kind });
      }}
    >
      {t(`title_${kind}`)}
      {isBarred && (
        <Text size="xs" component="span" display="block">
          {t("admins_only")}
        </Text>
      )}
    </Menu.Item>
  );
}

function Chevron() {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 24 24"
      width="1em"
      height="1em"
      fill="none"
      stroke="currentColor"
      strokeWidth={2}
    >
      <path d="m6 9.5 6 6 6-6" />
    </svg>
  );
}
