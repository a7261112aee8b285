"use client";

import { useTranslations } from "next-intl";
import { memo } from "react";
import type { GoalRow } from "#src/server/operations/console/goal-list.ts";
import { GoalCell } from "./goal-cell.tsx";
import { GoalHead, type Ways } from "./goal-head.tsx";
import classes from "./goals.module.css";
import type { GoalColumn, ListSettings } from "./list-settings.ts";

interface Shown {
  readonly rows: readonly GoalRow[];
  readonly left: ReadonlySet<string>;
  readonly columns: readonly GoalColumn[];
  readonly ways: Ways;
}

/** With more columns than these a table may be wider than its page, and scrolls within itself. */
const fitting = 6;

/** The goals as a table, a row each: anywhere on a row leads to its goal. */
export function GoalsTable({ rows, left, columns, ways, density }: Shown & Pick<ListSettings, "density">) {
  const t = useTranslations("console_goals");
  return (
    <div className={classes["wide"]} data-wide={columns.length > fitting || undefined}>
      <table className={classes["table"]} data-density={density} aria-label={t("title")}>
        <thead>
          <tr>
            <th scope="col">{t("column.goal")}</th>
            {columns.map((column) => (
              <th key={column} scope="col" data-column={column}>
                {t(`column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <TableRow
              key={row.goal_id}
              row={row}
              left={left.has(row.goal_id)}
              columns={columns}
              ways={ways}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface OneShown {
  readonly row: GoalRow;
  readonly left: boolean;
  readonly columns: readonly GoalColumn[];
  readonly ways: Ways;
}

// Hundreds of rows stand still while one of them changes.
const TableRow = memo(function TableRow({ row, left, columns, ways }: OneShown) {
  return (
    <tr data-goal={row.goal_id} data-left={left || undefined} data-trouble={row.trouble ?? undefined}>
      <td>
        <GoalHead row={row} ways={ways} left={left} />
      </td>
      {columns.map((column) => (
        <td key={column} data-column={column}>
          <GoalCell column={column} row={row} ways={ways} />
        </td>
      ))}
    </tr>
  );
});

/** The goals as cards, for where a table has no room: nothing is to be scrolled sideways to read one. */
export function GoalCards({ rows, left, columns, ways }: Shown) {
  const t = useTranslations("console_goals");
  return (
    <ul className={classes["cards"]} aria-label={t("title")}>
      {rows.map((row) => (
        <Card key={row.goal_id} row={row} left={left.has(row.goal_id)} columns={columns} ways={ways} />
      ))}
    </ul>
  );
}

const Card = memo(function Card({ row, left, columns, ways }: OneShown) {
  const t = useTranslations("console_goals");
  const lines = columns.filter((column) => column !== "state");
  return (
    <li
      className={classes["card"]}
      data-goal={row.goal_id}
      data-left={left || undefined}
      data-trouble={row.trouble ?? undefined}
    >
      <div className={classes["cardtop"]}>
        <GoalHead row={row} ways={ways} left={left} />
        {columns.includes("state") && <GoalCell column="state" row={row} ways={ways} />}
      </div>
      <dl className={classes["lines"]}>
        {lines.map((column) => (
          <div key={column} data-column={column}>
            <dt>{t(`column.${column}`)}</dt>
            <dd>
              <GoalCell column={column} row={row} ways={ways} />
            </dd>
          </div>
        ))}
      </dl>
    </li>
  );
});
