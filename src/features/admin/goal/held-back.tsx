"use client";

import { Alert, Button, Group, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { GoalAction } from "#src/contract/console.ts";
import { Moment } from "../../goals/moment.tsx";
import { Drawing } from "../../shell/icons.tsx";
import { useConsoleCaller } from "../frame/caller.tsx";
import type { Detail } from "./goal-types.ts";

/** Says that an admin holds the refund back, who and why; an admin can let it go from here. */
export function HeldBack({
  held,
  onAct,
}: {
  held: NonNullable<Detail["held_back"]>;
  onAct: (action: GoalAction) => void;
}) {
  const t = useTranslations("console_goal");
  const words = useTranslations("console_actions");
  const isAdmin = useConsoleCaller().role === "admin";
  return (
    <Alert
      color="yellow"
      icon={<Drawing name="lock" />}
      title={t("held_back", { by: held.by })}
      data-held-back
    >
      <Group justify="space-between" gap="sm">
        <div>
          <Text size="sm">{held.reason}</Text>
          <Text size="sm">
            <Moment iso={held.at} exact />
          </Text>
        </div>
        <Button
          size="sm"
          variant="default"
          disabled={!isAdmin}
          onClick={() => onAct({ kind: "let_refund_go" })}
        >
          {isAdmin ? words("title_let_refund_go") : t("let_go_admins")}
        </Button>
      </Group>
    </Alert>
  );
}
