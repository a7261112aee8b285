"use client";

import { Button, Checkbox, Group, Modal, Stack, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { type ReceiverId, receiverIds } from "#src/contract/receivers.ts";
import { EffectName } from "../actions/effect-name.tsx";
import type { Detail } from "./goal-types.ts";
import { failedReceivers, lanesOf } from "./lanes.ts";
import classes from "./goal.module.css";

/** Which receivers to run again: those that failed are chosen already. The preview comes after it. */
export function PickReceivers({
  bars,
  opened,
  onClose,
  onPicked,
}: {
  bars: Detail["timeline"]["bars"];
  opened: boolean;
  onClose: () => void;
  onPicked: (receivers: ReceiverId[]) => void;
}) {
  const t = useTranslations("console_goal");
  const words = useTranslations("console_actions");
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("pick_title")}
      size="lg"
      closeButtonProps={{ "aria-label": words("close"), size: "lg" }}
      classNames={{ title: classes["dialogTitle"] ?? "" }}
    >
      <Choice bars={bars} onPicked={onPicked} onClose={onClose} />
    </Modal>
  );
}

function Choice({
  bars,
  onPicked,
  onClose,
}: {
  bars: Detail["timeline"]["bars"];
  onPicked: (receivers: ReceiverId[]) => void;
  onClose: () => void;
}) {
  const t = useTranslations("console_goal");
  const words = useTranslations("console_actions");
  const [chosen, setChosen] = useState<readonly string[]>(() => failedReceivers(bars));
  const standings = new Map(lanesOf(bars, true).map(({ receiver, bar }) => [receiver, bar?.status ?? null]));
  return (
    <Stack gap="md">
      <Checkbox.Group label={t("pick_help")} value={[...chosen]} onChange={setChosen}>
        <Stack gap={0} mt="xs">
          {receiverIds.map((receiver) => {
            const status = standings.get(receiver) ?? null;
            return (
              <Checkbox
                key={receiver}
                value={receiver}
                className={classes["pick"] ?? ""}
                label={<EffectName effect={receiver} />}
                description={status === null ? t("not_run") : t(`run_${status}`)}
              />
            );
          })}
        </Stack>
      </Checkbox.Group>
      <Group justify="space-between" gap="sm">
        <Text size="sm" c="dimmed" aria-live="polite">
          {t("picked", { count: chosen.length })}
        </Text>
        <Group gap="sm">
          <Button variant="default" onClick={onClose}>
            {words("cancel")}
          </Button>
          <Button
            disabled={chosen.length === 0}
            onClick={() => onPicked(receiverIds.filter((receiver) => chosen.includes(receiver)))}
          >
            {t("to_preview")}
          </Button>
        </Group>
      </Group>
    </Stack>
  );
}
