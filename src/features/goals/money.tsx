"use client";

import { Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { GoalView } from "#src/server/operations/goal-view.ts";
import { useFormats } from "../i18n/use-formats.ts";
import { Drawing, type IconName } from "../shell/icons.tsx";
import { useNow } from "../shell/now.ts";
import { Clock } from "./clock.tsx";
import classes from "./money.module.css";

/** How each standing of the money looks; never told by colour alone. */
const looks: Record<GoalView["refund"], readonly [color: string, icon: IconName]> = {
  none: ["dimmed", "minus"],
  held: ["inherit", "lock"],
  due: ["var(--text-waiting)", "clock"],
  refunded: ["var(--text-good)", "back"],
  paid: ["inherit", "out"],
};

/** Where a goal's money is, as the ledger has it; "refunded" is never guessed from times. */
export function Money({
  view,
  size = "sm",
  dated = true,
}: {
  view: GoalView;
  size?: "sm" | "lg";
  /** Whether to say when the money moved, or is to: not where a page says so beside it. */
  dated?: boolean;
}) {
  const t = useTranslations("money");
  const formats = useFormats();
  const now = useNow();
  const due = view.refund_due;
  const waits = view.refund === "due" && due !== null && now !== null && Date.parse(due) > now;
  const [color, icon] = looks[view.refund];
  const filled = {
    amount: formats.money(view.amount, view.currency),
    b: (chunks: ReactNode) => <span className={classes["amount"]}>{chunks}</span>,
  };

  function words(): ReactNode {
    switch (view.refund) {
      case "none":
        return t("none");
      case "held":
        return t.rich("held", filled);
      case "due":
        if (!waits) return t.rich("due", filled);
        return dated ? t.rich("due_at", { ...filled, time: formats.moment(due) }) : t.rich("due_in", filled);
      case "refunded":
        return view.resolved === null || !dated
          ? t.rich("refunded", filled)
          : t.rich("refunded_at", { ...filled, time: formats.moment(view.resolved) });
      case "paid":
        return view.resolved === null || !dated
          ? t.rich("paid", filled)
          : t.rich("paid_at", { ...filled, time: formats.moment(view.resolved) });
    }
  }

  return (
    <Text component="div" size={size} c={color} className={classes["money"] ?? ""} data-refund={view.refund}>
      <Drawing name={icon} />
      <span>
        {words()}
        {waits && (
          <>
            {" "}
            <Clock until={due} label={t("due_clock")} />
          </>
        )}
      </span>
    </Text>
  );
}
