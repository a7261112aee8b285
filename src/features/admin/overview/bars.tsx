"use client";

import { BarChart } from "@mantine/charts";
import { useLocale, useTranslations } from "next-intl";
import type { Figures } from "#src/server/operations/console/overview.ts";
import { axisTime, stretchTime } from "./figure-formats.ts";
import { axisTicks, type Measure, mostOf, totalOf } from "./measures.ts";
import classes from "./overview.module.css";

/** One measure over the range, a bar a stretch. To those who cannot see it, it says its total and its peak. */
export function Bars({
  figures: { range, points },
  measure: { name, text, color },
}: {
  figures: Figures;
  measure: Measure;
}) {
  const t = useTranslations("console_overview");
  const locale = useLocale();
  const most = mostOf(points, name);
  const total = totalOf(points, name);
  const ticks = axisTicks(most?.[name] ?? 0);
  const label =
    most === null
      ? t("bars_none", { name: t(text) })
      : t("bars", { name: t(text), total, most: most[name], time: stretchTime(locale, range, most.at) });
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- it is drawn here, not loaded from an address
    <div role="img" aria-label={label} className={classes["bars"]}>
      <BarChart
        h={180}
        data={points.map((point) => ({ at: point.at, [name]: point[name] }))}
        dataKey="at"
        series={[{ name, label: t(text), color: `var(${color})` }]}
        tickLine="none"
        gridAxis="x"
        gridColor="var(--mantine-color-default-border)"
        cursorFill="var(--surface-raised)"
        barProps={{ radius: [3, 3, 0, 0], isAnimationActive: false }}
        barChartProps={{ accessibilityLayer: false, margin: { top: 8, right: 0, bottom: 0, left: 0 } }}
        xAxisProps={{
          tickFormatter: (at: string) => axisTime(locale, range, at),
          minTickGap: 24,
          tickMargin: 8,
        }}
        yAxisProps={{
          allowDecimals: false,
          width: 36,
          ticks,
          domain: [0, ticks.at(-1) ?? 1],
        }}
        tooltipProps={{
          labelFormatter: (at) => (typeof at === "string" ? stretchTime(locale, range, at) : ""),
        }}
      />
    </div>
  );
}
