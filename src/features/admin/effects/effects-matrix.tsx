"use client";

import { type KeyboardEvent, type SyntheticEvent, useEffect, useEffectEvent, useRef, useState } from "react";
import { useTranslations } from "next-intl";
import { effectIds, type GoalAction } from "#src/contract/console.ts";
import type { GoalRow } from "#src/server/operations/console/goal-list.ts";
import { useKeysOn } from "../../studio/keys-setting.ts";
import { ActionDialog } from "../actions/action-dialog.tsx";
import { BulkDialog } from "../bulk/bulk-dialog.tsx";
import type { Ways } from "../goals/goal-head.tsx";
import type { ListSettings } from "../goals/list-settings.ts";
import { mayRunAgain, receiverOf } from "./cell.ts";
import classes from "./effects.module.css";
import { moveInGrid, type Spot, spotWithin } from "./grid.ts";
import { Legend } from "./legend.tsx";
import { MatrixHead } from "./matrix-head.tsx";
import { MatrixRow } from "./matrix-row.tsx";
import { SpotCard } from "./spot-card.tsx";
import { useSpotCard } from "./use-spot-card.ts";

/** The place that an element of the matrix belongs to; null where it belongs to none. */
function spotOf(target: EventTarget | null): Spot | null {
  const cell = target instanceof Element ? target.closest<HTMLElement>("[data-spot]") : null;
  if (cell === null) return null;
  const row = cell.closest<HTMLElement>("tr")?.dataset["goal"] ?? null;
  return { row, column: Number(cell.dataset["spot"]) };
}

/** What became of every effect of every goal: goals down, effects across; each can be looked into, and run again. */
export function EffectsMatrix({
  rows,
  left,
  ways,
  density,
}: {
  rows: readonly GoalRow[];
  left: ReadonlySet<string>;
  ways: Ways;
  density: ListSettings["density"];
}) {
  const t = useTranslations("console_goals");
  const keysOn = useKeysOn();
  const grid = useRef<HTMLTableElement>(null);
  const order = [null, ...rows.map(({ goal_id }) => goal_id)];
  const [wanted, setSpot] = useState<Spot>({ row: rows[0]?.goal_id ?? null, column: 1 });
  const spot = spotWithin(wanted, order);
  const card = useSpotCard();
  const moved = useEffectEvent(card.moved);
  useEffect(() => {
    const listener = () => moved();
    window.addEventListener("scroll", listener, { passive: true });
    return () => window.removeEventListener("scroll", listener);
  }, []);
  const [act, setAct] = useState<{ goalId: string; action: GoalAction } | null>(null);
  const [column, setColumn] = useState<number | null>(null);

  const elementOf = ({ row, column: at }: Spot) => {
    const line =
      row === null ? grid.current?.tHead : grid.current?.querySelector(`tr[data-goal="${CSS.escape(row)}"]`);
    return line?.querySelector<HTMLElement>(`[data-spot="${at}"]`) ?? null;
  };
  const focusSpot = (to: Spot) => {
    const element = elementOf(to);
    // By itself the browser would bring it to the middle of the window, and the head out of sight.
    element?.focus({ preventScroll: true });
    element?.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const runAgain = (row: GoalRow, action: GoalAction) => {
    card.close();
    setAct({ goalId: row.goal_id, action });
  };

  function onKeyDown(event: KeyboardEvent): void {
    const from = spotOf(event.target);
    if (from === null || event.altKey || event.metaKey) return;
    if (event.key === "Escape") return card.close();
    const row = rows.find(({ goal_id }) => goal_id === from.row);
    const effect = effectIds[from.column - 1];
    if (keysOn && event.key === "r" && !event.ctrlKey && row && effect && mayRunAgain(row)) {
      event.preventDefault();
      return runAgain(row, { kind: "retry", receivers: [receiverOf(effect)] });
    }
    const letters: Record<string, string> = keysOn ? { j: "ArrowDown", k: "ArrowUp" } : {};
    const next = moveInGrid(from, letters[event.key] ?? event.key, event.ctrlKey, order);
    if (next === null) return;
    event.preventDefault();
    focusSpot(next);
  }

  function onFocus(event: SyntheticEvent): void {
    const on = spotOf(event.target);
    if (on === null) return;
    setSpot(on);
    const element = elementOf(on);
    // What a finger or a mouse has pressed is opened by the press itself.
    if (element?.matches(":focus-visible") === true) card.show(on, element);
  }

  function onMouseOver(event: SyntheticEvent): void {
    const over = spotOf(event.target);
    const element = over && elementOf(over);
    if (over !== null && element !== null) card.showSoon(over, element);
    else card.hideSoon();
  }

  function onClick(event: SyntheticEvent): void {
    const on = spotOf(event.target);
    const element = on && elementOf(on);
    if (on !== null && element !== null && element.tagName === "BUTTON") card.pin(on, element);
  }

  const shown = card.shown;
  return (
    <div className={classes["matrix"]}>
      <Legend />
      <div className={classes["scroller"]} data-scroller onScroll={card.moved}>
        <table
          ref={grid}
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- a grid is made of a table's parts
          role="grid"
          aria-label={t("matrix")}
          aria-rowcount={-1}
          className={classes["grid"]}
          data-density={density}
          onKeyDown={onKeyDown}
          onFocus={onFocus}
          onBlur={card.hideSoon}
          onMouseOver={onMouseOver}
          onMouseLeave={card.hideSoon}
          onClick={onClick}
        >
          <MatrixHead
            rows={rows}
            spot={spot.row === null ? spot.column : null}
            active={shown?.spot.column ?? null}
            describedBy={shown?.spot.row === null ? card.id : undefined}
          />
          <tbody>
            {rows.map((row) => (
              <MatrixRow
                key={row.goal_id}
                row={row}
                left={left.has(row.goal_id)}
                spot={spot.row === row.goal_id ? spot.column : null}
                described={shown?.spot.row === row.goal_id ? shown.spot.column : null}
                describedBy={card.id}
              />
            ))}
          </tbody>
        </table>
      </div>
      <SpotCard
        card={card}
        row={rows.find(({ goal_id }) => goal_id === shown?.spot.row)}
        ways={ways}
        onRunAgain={runAgain}
        onColumn={(at) => {
          card.close();
          setColumn(at);
        }}
        onClosed={focusSpot}
      />
      {act !== null && (
        <ActionDialog
          goalId={act.goalId}
          action={act.action}
          opened
          onClose={() => {
            setAct(null);
            requestAnimationFrame(() => focusSpot(spot));
          }}
        />
      )}
      {column !== null && (
        <BulkDialog
          filter={ways.filter}
          what={{
            kind: "receiver",
            receiver: receiverOf(effectIds[column - 1] ?? effectIds[0]),
            only_failed: true,
          }}
          onClose={() => {
            setColumn(null);
            requestAnimationFrame(() => focusSpot(spot));
          }}
        />
      )}
    </div>
  );
}
