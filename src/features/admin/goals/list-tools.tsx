"use client";

import { Button, Checkbox, NativeSelect, Popover, SegmentedControl, Stack, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { type GoalFilter, goalSorts } from "#src/contract/console.ts";
import { ConsoleIcon } from "../frame/icons.tsx";
import { changeFilter, exportAddress, orderOf } from "./filter-address.ts";
import classes from "./goals.module.css";
import { useKept } from "./kept.ts";
import { firstColumns, goalColumns, listSettings } from "./list-settings.ts";
import { Mark } from "./marks.tsx";

/** In which order the goals come. A filter by amount leaves no choice. */
export function SortChoice({ filter, go }: { filter: GoalFilter; go: (filter: GoalFilter) => void }) {
  const t = useTranslations("console_goals");
  const isFixed = filter.min_amount !== undefined || filter.max_amount !== undefined;
  return (
    <NativeSelect
      aria-label={t("order")}
      size="sm"
      className={classes["choice"] ?? ""}
      value={orderOf(filter)}
      disabled={isFixed}
      title={isFixed ? t("amount_orders") : undefined}
      data={goalSorts.map((sort) => ({ value: sort, label: t(`sort.${sort}`) }))}
      onChange={(event) => {
        const sort = goalSorts.find((other) => other === event.currentTarget.value);
        go(changeFilter(filter, { sort: sort === "created" ? undefined : sort }));
      }}
    />
  );
}

/** Which columns to show, and how much room a row has; kept on this device. */
export function ColumnsMenu({ withColumns }: { withColumns: boolean }) {
  const t = useTranslations("console_goals");
  const settings = useKept(listSettings);
  const [opened, setOpened] = useState(false);
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      trapFocus
      returnFocus
      shadow="md"
      position="bottom-end"
      width={280}
    >
      <Popover.Target>
        <Button
          variant="default"
          className={classes["small"] ?? ""}
          leftSection={<Mark name="columns" />}
          onClick={() => setOpened(!opened)}
        >
          <span data-words>{t("display")}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <div>
            <Text size="sm" fw={600} mb={4} id="density-label">
              {t("density")}
            </Text>
            <SegmentedControl
              fullWidth
              aria-labelledby="density-label"
              value={settings.density}
              data={(["comfortable", "compact"] as const).map((density) => ({
                value: density,
                label: t(`density_${density}`),
              }))}
              onChange={(value) =>
                listSettings.set({ ...settings, density: value === "compact" ? "compact" : "comfortable" })
              }
            />
          </div>
          {withColumns && (
            <Checkbox.Group
              label={t("columns")}
              value={[...settings.columns]}
              onChange={(chosen) =>
                listSettings.set({
                  ...settings,
                  columns: goalColumns.filter((column) => chosen.includes(column)),
                })
              }
            >
              <Stack gap={2} mt={6}>
                {goalColumns.map((column) => (
                  <Checkbox
                    key={column}
                    value={column}
                    label={t(`column.${column}`)}
                    className={classes["tick"] ?? ""}
                  />
                ))}
              </Stack>
            </Checkbox.Group>
          )}
          {withColumns && (
            <Button
              variant="default"
              onClick={() => listSettings.set({ ...settings, columns: [...firstColumns] })}
            >
              {t("first_columns")}
            </Button>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

/** All that the filter matches, as a file. */
export function ExportLink({ filter }: { filter: GoalFilter }) {
  const t = useTranslations("console_goals");
  return (
    <Button
      component="a"
      href={exportAddress(filter)}
      download
      variant="default"
      className={classes["small"] ?? ""}
      leftSection={<ConsoleIcon name="download" />}
      title={t("export_help")}
      aria-label={t("export_label")}
    >
      <span data-words>{t("export")}</span>
    </Button>
  );
}
