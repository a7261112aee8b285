"use client";

import { Paper, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import Link from "next/link";
import type { ReactNode } from "react";
import type { Attention } from "#src/server/operations/console/overview.ts";
import { Moment } from "../../goals/moment.tsx";
import { Drawing, type IconName } from "../../shell/icons.tsx";
import { Section } from "../../shell/section.tsx";
import classes from "./overview.module.css";

/** How each thing to look at is shown, and where it is looked at. */
const looks: Record<
  Attention["kind"],
  { readonly tone: "bad" | "waiting"; readonly icon: IconName; readonly href: string }
> = {
  breach: { tone: "bad", icon: "warning", href: "/admin/ledger" },
  refund_late: { tone: "bad", icon: "back", href: "/admin/ledger?view=escrows" },
  failed: { tone: "bad", icon: "cross", href: "/admin/goals?trouble=failed" },
  late: { tone: "waiting", icon: "clock", href: "/admin/goals?trouble=late" },
  held_back: { tone: "waiting", icon: "lock", href: "/admin/ledger?view=escrows" },
  approval: { tone: "waiting", icon: "envelope", href: "/admin/bulk" },
  audit_lapsed: { tone: "waiting", icon: "receipt", href: "/admin/audit?status=lapsed" },
};

/** What somebody should look at, the worst first, each with the list that shows it. */
export function AttentionList({ attention }: { attention: readonly Attention[] }) {
  const t = useTranslations("console_overview");
  const order = Object.keys(looks);
  const things = attention
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  return (
    <div id="attention">
      <Section title={t("attention")}>
        {things.length === 0 ? (
          <Paper withBorder p="md" className={classes["calm"] ?? ""}>
            <span className={classes["calm_icon"]}>
              <Drawing name="check" size="1.5rem" />
            </span>
            <div>
              <Text fw={600}>{t("calm")}</Text>
              <Text size="sm" c="dimmed">
                {t("calm_help")}
              </Text>
            </div>
          </Paper>
        ) : (
          <ul className={classes["things"]}>
            {things.map((thing) => (
              <Thing key={thing.kind} thing={thing} />
            ))}
          </ul>
        )}
      </Section>
    </div>
  );
}

function Thing({ thing: { kind, count, oldest } }: { thing: Attention }) {
  const t = useTranslations("console_overview");
  const { tone, icon, href } = looks[kind];
  const b = (chunks: ReactNode) => <strong className={classes["count"]}>{chunks}</strong>;
  return (
    <li>
      <Link href={href} prefetch={false} className={classes["thing"]} data-attention={kind} data-tone={tone}>
        <span className={classes["thing_icon"]}>
          <Drawing name={icon} size="1.375rem" />
        </span>
        <span className={classes["thing_words"]}>
          <span>{t.rich(`attention_${kind}`, { count, b })}</span>
          {oldest !== null && (
            <Text span size="sm" c="dimmed">
              {t.rich("oldest", { time: () => <Moment iso={oldest} /> })}
            </Text>
          )}
        </span>
        <Drawing name="out" />
      </Link>
    </li>
  );
}
