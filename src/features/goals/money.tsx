"use client";

import { Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { GoalView } from "#src/server/operations/goal-view.ts";
import { useFormats } from "../i18n/use-formats.ts";
import { useNow } from "../shell/now.ts";
import { Clock } from "./clock.tsx";

const colors: Record<GoalView["refund"], string> = {
  none: "dimmed",
  held: "inherit",
  due: "var(--text-waiting)",
  refunded: "var(--text-good)",
  paid: "inherit",
};

/** Where a goal's money is, as the ledger has it; "refunded" is never guessed from times. */
export function Money({ view }: { view: GoalView }) {
  const t = useTranslations("money");
  const formats = useFormats();
  const now = useNow();
  const amount = formats.money(view.amount, view.currency);
  const due = view.refund_due;
  const waits = view.refund === "due" && due !== null && now !== null && Date.parse(due) > now;

  function words(): string {
    switch (view.refund) {
      case "none":
        return t("none");
      case "held":
        return t("held", { amount });
      case "due":
        return waits ? t("due_at", { amount, time: formats.moment(due) }) : t("due", { amount });
      case "refunded":
        return view.resolved === null
          ? t("refunded", { amount })
          : t("refunded_at", { amount, time: formats.moment(view.resolved) });
      case "paid":
        return view.resolved === null
          ? t("paid", { amount })
          : t("paid_at", { amount, time: formats.moment(view.resolved) });
    }
  }

  return (
    <Text size="sm" c={colors[view.refund]} data-refund={view.refund}>
      {words()}
      {waits && (
        <>
          {" "}
          <Clock until={due} label={t("due_clock")} />
        </>
      )}
    </Text>
  );
}
