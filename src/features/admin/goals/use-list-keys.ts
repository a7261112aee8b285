"use client";

import { type RefObject, useEffect, useEffectEvent } from "react";
import { useKeysOn } from "../../studio/keys-setting.ts";

/** What the keys do on the goals' page, beside what they do everywhere. */
interface KeyActions {
  readonly search: () => void;
  readonly help: () => void;
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  target.closest("input, textarea, select, [contenteditable], [role=dialog], [role=grid]") !== null;

/** One row further for `j` and the arrow down, one back for `k` and the arrow up; null: not such a key. */
function stepOf(key: string, keysOn: boolean): 1 | -1 | null {
  if (key === "ArrowDown" || (keysOn && key === "j")) return 1;
  if (key === "ArrowUp" || (keysOn && key === "k")) return -1;
  return null;
}

/**
 * Lets the keyboard go from goal to goal within `list`: the focus is on a goal's own link, so that Enter opens it, and
 * whatever comes or goes around it, it stays there. Single letters can be turned off; arrows act only from a goal on.
 */
export function useListKeys(list: RefObject<HTMLElement | null>, actions: KeyActions): void {
  const keysOn = useKeysOn();

  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target)) return;
    if (keysOn && (event.key === "/" || event.key === "?") && !event.repeat) {
      event.preventDefault();
      (event.key === "/" ? actions.search : actions.help)();
      return;
    }
    const step = stepOf(event.key, keysOn);
    if (step === null) return;
    const rows = [...(list.current?.querySelectorAll<HTMLElement>("[data-goal]") ?? [])];
    const on = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-goal]") : null;
    const place = on === null ? -1 : rows.indexOf(on);
    // Elsewhere in the page the arrows scroll, as they do.
    if (place === -1 && event.key.startsWith("Arrow")) return;
    const next = rows[Math.max(0, place + step)];
    const link = next?.querySelector<HTMLElement>("[data-open-goal]");
    if (link === null || link === undefined) return;
    event.preventDefault();
    link.focus({ preventScroll: true });
    next?.scrollIntoView({ block: "nearest" });
  });

  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKeyDown(event);
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, []);
}
