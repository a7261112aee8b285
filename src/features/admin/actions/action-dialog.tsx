"use client";

import { Modal } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useTranslations } from "next-intl";
import type { GoalAction } from "#src/contract/console.ts";
import { ActionForm } from "./action-form.tsx";
import { useActionWords } from "./action-title.ts";
import classes from "./actions.module.css";

/**
 * One action on one goal by hand: shows beforehand what it would change and what it would not, asks why, does it once,
 * and says what was done. Each opening is an action of its own, with a preview of its own.
 */
export function ActionDialog({
  goalId,
  action,
  opened,
  onClose,
  onDone,
}: {
  goalId: string;
  action: GoalAction;
  opened: boolean;
  onClose: () => void;
  /** Called once the server has said that it is done; the dialog stays open and says so. */
  onDone?: () => void;
}) {
  const t = useTranslations("console_actions");
  const { title } = useActionWords(action);
  const isNarrow = useMediaQuery("(max-width: 47.99em)");
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size="46rem"
      radius={isNarrow ? 0 : "lg"}
      fullScreen={isNarrow}
      title={title}
      closeButtonProps={{ "aria-label": t("close"), size: "lg" }}
      classNames={{ title: classes["dialogTitle"] ?? "", header: classes["dialogHeader"] ?? "" }}
    >
      <ActionForm goalId={goalId} action={action} onClose={onClose} onDone={onDone} />
    </Modal>
  );
}
