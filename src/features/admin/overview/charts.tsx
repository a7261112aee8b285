"use client";

import { Button, Paper, SegmentedControl, Skeleton, Table, Text } from "@mantine/core";
import { useLocale, useTranslations } from "next-intl";
import dynamic from "next/dynamic";
import type { Figures } from "#src/server/operations/console/overview.ts";
import { Empty } from "../../shell/states.tsx";
import { Section } from "../../shell/section.tsx";
import { useAddress } from "../list/use-address.ts";
import { WideTable } from "../wide-table.tsx";
import { stretchTime } from "./figure-formats.ts";
import { measures, totalOf } from "./measures.ts";
import classes from "./overview.module.css";

/** What draws is large, and comes after everything that can be read. */
const Bars = dynamic(async () => (await import("./bars.tsx")).Bars, {
  ssr: false,
  loading: () => <Skeleton height={180} />,
});

/** How the range went, one chart for each measure: lines over each other would hide one another. Or the same as a table. */
export function Charts({ figures }: { figures: Figures }) {
  const t = useTranslations("console_overview");
  const locale = useLocale();
  const [query, change] = useAddress();
  const asTable = query.get("as") === "table";
  const number = new Intl.NumberFormat(locale);
  const nothing = measures.every(({ name }) => totalOf(figures.points, name) === 0);
  return (
    <Section
      title={t(`charts_${figures.range}`)}
      aside={
        <SegmentedControl
          aria-label={t("as")}
          className={classes["ranges"] ?? ""}
          data={[
            { value: "charts", label: t("as_charts") },
            { value: "table", label: t("as_table") },
          ]}
          value={asTable ? "table" : "charts"}
          onChange={(value) => change({ as: value === "table" ? "table" : null })}
        />
      }
    >
      {nothing ? (
        <Empty title={t(`nothing_${figures.range}`)} icon="clock">
          {t("nothing_help")}
          {figures.range !== "month" && (
            <Button variant="subtle" size="compact-sm" onClick={() => change({ range: "month" })}>
              {t("nothing_month_button")}
            </Button>
          )}
        </Empty>
      ) : asTable ? (
        <WideTable label={t(`charts_${figures.range}`)} minWidth={560}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("stretch")}</Table.Th>
              {measures.map(({ name, text }) => (
                <Table.Th key={name} ta="end">
                  {t(text)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {figures.points.toReversed().map((point) => (
              <Table.Tr key={point.at}>
                <Table.Th scope="row" fw={400}>
                  <time dateTime={point.at}>{stretchTime(locale, figures.range, point.at)}</time>
                </Table.Th>
                {measures.map(({ name }) => (
                  <Table.Td key={name} ta="end" className={classes["number"] ?? ""}>
                    {number.format(point[name])}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </WideTable>
      ) : (
        <div className={classes["charts"]}>
          {measures.map((measure) => (
            <Paper key={measure.name} withBorder p="md" component="figure" m={0}>
              <figcaption className={classes["caption"]}>
                <span>
                  <span className={classes["swatch"]} style={{ background: `var(${measure.color})` }} />
                  {t(measure.text)}
                </span>
                <Text span fw={700} size="lg" className={classes["number"] ?? ""}>
                  {number.format(totalOf(figures.points, measure.name))}
                </Text>
              </figcaption>
              <Bars figures={figures} measure={measure} />
            </Paper>
          ))}
        </div>
      )}
    </Section>
  );
}
