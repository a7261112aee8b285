"use client";

import { type RefObject, useEffect, useEffectEvent } from "react";
import { useKeysOn } from "./keys-setting.ts";
import { type Arrow, cardTowards } from "./movement.ts";

const arrows: readonly string[] = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"] satisfies Arrow[];
const isArrow = (key: string): key is Arrow => arrows.includes(key);

/** What single keys do. `goalId` is the goal of the card that has the focus, if one has. */
export interface KeyActions {
  readonly decline: (goalId: string) => void;
  readonly undo: (goalId: string | null) => void;
  readonly help: () => void;
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  target.closest("input, textarea, select, [contenteditable], [role=dialog]");

const cardOf = (target: EventTarget | null) =>
  target instanceof Element ? target.closest<HTMLElement>("article[data-goal]") : null;

/** Lets the keyboard go from card to card within `grid`, and act on the one it is on. */
export function useKeys(grid: RefObject<HTMLElement | null>, actions: KeyActions) {
  const isOn = useKeysOn();

  function actionOf(key: string, goalId: string | null): (() => void) | null {
    switch (key.toLowerCase()) {
      case "d":
        return goalId === null ? null : () => actions.decline(goalId);
      case "u":
        return () => actions.undo(goalId);
      case "?":
        return actions.help;
      default:
        return null;
    }
  }

  function move(event: KeyboardEvent, card: HTMLElement | null, arrow: Arrow): void {
    const cards = [...(grid.current?.querySelectorAll<HTMLElement>("article[data-goal]") ?? [])];
    const places = cards.map(({ offsetLeft, offsetTop }) => ({ left: offsetLeft, top: offsetTop }));
    const next = cards[cardTowards(places, card === null ? -1 : cards.indexOf(card), arrow)];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  }

  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target)) return;
    const card = cardOf(event.target);
    if (isArrow(event.key)) {
      // Elsewhere in the page the arrows scroll, as they do.
      if (card !== null || document.activeElement === document.body) move(event, card, event.key);
      return;
    }
    if (!isOn || event.repeat) return;
    const act = actionOf(event.key, card?.dataset["goal"] ?? null);
    if (act === null) return;
    event.preventDefault();
    act();
  });

  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKeyDown(event);
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, []);
}
