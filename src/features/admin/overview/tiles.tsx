"use client";

import { Paper, Text } from "@mantine/core";
import { useLocale, useTranslations } from "next-intl";
import Link from "next/link";
import type { ReactNode } from "react";
import type { Figures, Percentiles } from "#src/server/operations/console/overview.ts";
import { useFormats } from "../../i18n/use-formats.ts";
import { Section } from "../../shell/section.tsx";
import { span } from "./figure-formats.ts";
import classes from "./overview.module.css";

/** The figures that are one number each: those of now, and those of the range. */
export function Tiles({ figures }: { figures: Figures }) {
  const t = useTranslations("console_overview");
  const formats = useFormats();
  const locale = useLocale();
  const number = new Intl.NumberFormat(locale);
  const over = t(`over_${figures.range}`);
  return (
    <Section title={t("figures")} titleHidden>
      <dl className={classes["tiles"]}>
        <Tile name={t("pending")} help={t("now")} href="/admin/goals?state=pending" link={t("show")}>
          {number.format(figures.pending)}
        </Tile>
        <Tile name={t("cooldowns")} help={t("now")}>
          {number.format(figures.cooldowns_active)}
        </Tile>
        <Tile name={t("refunded")} help={over} href="/admin/goals?refund=refunded" link={t("show")}>
          {figures.refunded.length === 0
            ? "–"
            : figures.refunded.map(({ amount, currency }) => (
                <div key={currency}>{formats.money(amount, currency)}</div>
              ))}
        </Tile>
        <Tile name={t("refund_time")} help={over}>
          <Quantiles of={figures.refund} />
        </Tile>
        <Tile name={t("settled_time")} help={over}>
          <Quantiles of={figures.settled} />
        </Tile>
      </dl>
    </Section>
  );
}

function Tile({
  name,
  help,
  href,
  link,
  children,
}: {
  name: string;
  help: string;
  href?: string;
  link?: string;
  children: ReactNode;
}) {
  return (
    <Paper withBorder className={classes["tile"] ?? ""}>
      <dt className={classes["tile_name"]}>{name}</dt>
      <dd className={classes["tile_value"]}>{children}</dd>
      <dd className={classes["tile_help"]}>
        {help}
        {href !== undefined && (
          <Link
            href={href}
            prefetch={false}
            className={classes["tile_link"]}
            aria-label={`${name}: ${link ?? ""}`}
          >
            {link}
          </Link>
        )}
      </dd>
    </Paper>
  );
}

/** The half and nineteen twentieths of what was measured. */
function Quantiles({ of: { count, p50, p95 } }: { of: Percentiles }) {
  const t = useTranslations("console_overview");
  const locale = useLocale();
  if (count === 0 || p50 === null || p95 === null) return "–";
  return (
    <span className={classes["quantiles"]}>
      <span>
        <Text span size="xs" c="dimmed" title={t("p50_help")} className={classes["quantile"] ?? ""}>
          p50
        </Text>{" "}
        {span(locale, p50)}
      </span>
      <span>
        <Text span size="xs" c="dimmed" title={t("p95_help")} className={classes["quantile"] ?? ""}>
          p95
        </Text>{" "}
        {span(locale, p95)}
      </span>
    </span>
  );
}
