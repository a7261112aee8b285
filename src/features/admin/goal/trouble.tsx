"use client";

import { Alert, Button, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { ReceiverId } from "#src/contract/receivers.ts";
import { Drawing } from "../../shell/icons.tsx";
import { useAddress } from "../list/use-address.ts";
import type { Detail } from "./goal-types.ts";
import { keyOfBar, lastRun } from "./lanes.ts";
import classes from "./goal.module.css";

/** What went wrong, before anything else: each receiver that failed, with its error and the way to its bar. */
export function Trouble({ detail, failed }: { detail: Detail; failed: readonly ReceiverId[] }) {
  const t = useTranslations("console_goal");
  const effects = useTranslations("console_actions");
  const [, change] = useAddress();
  if (failed.length === 0) return null;
  return (
    <Alert color="red" icon={<Drawing name="warning" />} title={t("failed_count", { count: failed.length })}>
      <ul className={classes["troubles"]}>
        {failed.map((receiver) => {
          const bar = lastRun(detail.timeline.bars, receiver);
          return (
            <li key={receiver} className={classes["trouble"]} data-trouble-of={receiver}>
              <div>
                <Text size="sm" fw={600}>
                  {effects(`effects.${receiver}`)}
                </Text>
                {bar?.error != null && <code>{bar.error.split("\n", 1)[0]}</code>}
              </div>
              {bar !== undefined && (
                <Button
                  size="sm"
                  variant="default"
                  aria-label={t("look_at", { effect: effects(`effects.${receiver}`) })}
                  onClick={() => {
                    change({ run: keyOfBar(bar), view: null });
                    requestAnimationFrame(() => {
                      const row = document.querySelector<HTMLElement>(`#waterfall [aria-expanded=true]`);
                      row?.scrollIntoView({ block: "center" });
                      row?.focus({ preventScroll: true });
                    });
                  }}
                >
                  {t("look")}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </Alert>
  );
}
