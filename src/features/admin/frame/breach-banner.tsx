"use client";

import { Alert, Anchor, Text } from "@mantine/core";
import { useLocale, useTranslations } from "next-intl";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { anyMoney } from "./any-money.ts";
import { breachKey, breachWords } from "./breach-words.ts";
import { ConsoleIcon } from "./icons.tsx";
import { lightState } from "./light-state.ts";
import type { Light } from "./use-light.ts";
import classes from "./frame.module.css";

const first = 3;

/** What every page of the console says while the light is red: the first breaches, by id. The ledger itself says it in full. */
export function BreachBanner({ light: { data } }: { light: Light }) {
  const t = useTranslations("console");
  const locale = useLocale();
  const path = usePathname();
  if (lightState(data, null).kind !== "breached" || data === undefined || path === "/admin/ledger")
    return null;
  const left = data.breach_count - Math.min(first, data.breaches.length);
  return (
    <Alert
      color="red"
      icon={<ConsoleIcon name="breached" />}
      title={t("banner", { count: data.breach_count })}
      data-breaches={data.breach_count}
    >
      <ul className={classes["breaches"]}>
        {data.breaches.slice(0, first).map((breach) => (
          <li key={breachKey(breach)}>
            {t(breachWords[breach.kind])}
            {" · "}
            {anyMoney(locale, breach.amount, breach.currency)}
            {breach.goal_id !== null && (
              <>
                {" · "}
                <Anchor
                  component={Link}
                  href={`/admin/goals/${breach.goal_id}`}
                  prefetch={false}
                  className={classes["id"] ?? ""}
                >
                  {breach.goal_id}
                </Anchor>
              </>
            )}
            {breach.goal_id === null && breach.escrow_id !== null && (
              <span className={classes["id"]}>{` · ${breach.escrow_id}`}</span>
            )}
          </li>
        ))}
      </ul>
      <Text size="sm" mt="xs">
        <Anchor component={Link} href="/admin/ledger" prefetch={false} inherit fw={600}>
          {left > 0 ? t("banner_more", { count: left }) : t("banner_ledger")}
        </Anchor>
      </Text>
    </Alert>
  );
}
