"use client";

import { Button, Popover, Stack, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { effectIds, type GoalAction } from "#src/contract/console.ts";
import type { GoalRow } from "#src/server/operations/console/goal-list.ts";
import type { Ways } from "../goals/goal-head.tsx";
import { CellFacts } from "./cell-facts.tsx";
import { failedReceivers, mayRunAgain, receiverOf } from "./cell.ts";
import { ColumnCard } from "./column-card.tsx";
import classes from "./effects.module.css";
import { actionColumn, type Spot } from "./grid.ts";
import type { SpotCardState } from "./use-spot-card.ts";

/** What there is to know, and to do, about one place of the matrix: a tooltip, and once it is pressed a small dialog. */
export function SpotCard({
  card,
  row,
  ways,
  onRunAgain,
  onColumn,
  onClosed,
}: {
  card: SpotCardState;
  row: GoalRow | undefined;
  ways: Ways;
  onRunAgain: (row: GoalRow, action: GoalAction) => void;
  onColumn: (column: number) => void;
  onClosed: (spot: Spot) => void;
}) {
  const t = useTranslations("console_goals");
  const { shown } = card;
  if (shown === null) return null;
  const { spot, box, pinned } = shown;
  const effect = row?.effects[spot.column - 1];
  const id = effectIds[spot.column - 1];

  function content() {
    if (spot.row === null)
      return id === undefined ? null : (
        <ColumnCard effect={id} pinned={pinned} ways={ways} onColumn={() => onColumn(spot.column)} />
      );
    if (row === undefined) return null;
    if (spot.column === actionColumn)
      return <RowActions row={row} onRunAgain={(action) => onRunAgain(row, action)} />;
    if (effect === undefined) return null;
    return (
      <CellFacts effect={effect} row={row}>
        {pinned &&
          (mayRunAgain(row) ? (
            <Button
              size="sm"
              data-autofocus
              onClick={() => onRunAgain(row, { kind: "retry", receivers: [receiverOf(effect.effect)] })}
            >
              {t("retry_cell")}
            </Button>
          ) : null)}
      </CellFacts>
    );
  }

  const inside = content();
  // The row's menu says nothing that its button does not.
  if (inside === null || (spot.column === actionColumn && !pinned)) return null;
  return (
    <Popover
      // A card is placed once: where its cell has gone elsewhere, it is another card.
      key={`${spot.row} ${spot.column} ${pinned} ${Math.round(box.left)} ${Math.round(box.top)}`}
      opened
      onChange={(opened) => {
        if (opened) return;
        card.close();
        if (pinned) onClosed(spot);
      }}
      position={spot.row === null ? "bottom" : "top"}
      withArrow
      arrowSize={10}
      shadow="md"
      trapFocus={pinned}
      withRoles={false}
      closeOnEscape
      closeOnClickOutside
      transitionProps={{ duration: 0 }}
      middlewares={{ flip: true, shift: { padding: 8 } }}
    >
      <Popover.Target>
        <span className={classes["anchor"]} style={box} />
      </Popover.Target>
      <Popover.Dropdown
        id={card.id}
        className={classes["card"] ?? ""}
        role={pinned ? "dialog" : "tooltip"}
        {...(pinned && { "aria-label": t("details") })}
        data-pinned={pinned || undefined}
        onMouseEnter={card.keep}
        onMouseLeave={card.hideSoon}
      >
        {inside}
      </Popover.Dropdown>
    </Popover>
  );
}

function RowActions({ row, onRunAgain }: { row: GoalRow; onRunAgain: (action: GoalAction) => void }) {
  const t = useTranslations("console_goals");
  const failed = failedReceivers(row);
  if (!mayRunAgain(row))
    return (
      <Text size="sm" tabIndex={-1} data-autofocus>
        {t(row.state === "pending" ? "none_pending" : "none_agreed")}
      </Text>
    );
  return (
    <Stack gap="xs">
      {failed.length > 0 && (
        <Button
          size="sm"
          data-autofocus
          onClick={() => onRunAgain({ kind: "retry", receivers: [...failed] })}
        >
          {t("retry_row", { count: failed.length })}
        </Button>
      )}
      <Button size="sm" variant="default" onClick={() => onRunAgain({ kind: "resend_signal" })}>
        {t("resend")}
      </Button>
    </Stack>
  );
}
