"use client";

import { useEffect, useId, useRef, useState } from "react";
import type { Spot } from "./grid.ts";

/** Long enough to pass over cells, and to reach the card from its cell. */
const show_ms = 120;
const hide_ms = 180;

/** The one card of the matrix: beside which cell it is, where that is in the window, and whether it stays. */
interface ShownCard {
  readonly spot: Spot;
  readonly box: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
  /** Pressed: it has the focus, and something to press. Otherwise it is a tooltip. */
  readonly pinned: boolean;
}

/** How a card comes and goes: upon focus at once, upon hovering after a moment, and upon a press to stay. */
export interface SpotCardState {
  readonly id: string;
  readonly shown: ShownCard | null;
  readonly show: (spot: Spot, element: Element) => void;
  readonly showSoon: (spot: Spot, element: Element) => void;
  readonly pin: (spot: Spot, element: Element) => void;
  readonly keep: () => void;
  readonly hideSoon: () => void;
  /** After something was scrolled: a tooltip goes along with the cell that has the focus, or goes away. */
  readonly moved: () => void;
  readonly close: () => void;
}

const boxOf = (element: Element): ShownCard["box"] => {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { left, top, width, height };
};

export function useSpotCard(): SpotCardState {
  const id = useId();
  const [shown, setShown] = useState<ShownCard | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const element = useRef<Element>(null);
  useEffect(() => () => clearTimeout(timer.current), []);

  const now = (spot: Spot, cell: Element, pinned: boolean) => {
    clearTimeout(timer.current);
    element.current = cell;
    setShown({ spot, box: boxOf(cell), pinned });
  };
  const hideNow = () => {
    clearTimeout(timer.current);
    setShown((before) => (before?.pinned === true ? before : null));
  };
  return {
    id,
    shown,
    show: (spot, element) => now(spot, element, false),
    showSoon(spot, element) {
      clearTimeout(timer.current);
      if (shown?.pinned === true) return;
      timer.current = setTimeout(() => now(spot, element, false), show_ms);
    },
    pin: (spot, element) => now(spot, element, true),
    keep: () => clearTimeout(timer.current),
    hideSoon() {
      clearTimeout(timer.current);
      timer.current = setTimeout(hideNow, hide_ms);
    },
    moved: () =>
      setShown((before) => {
        if (before === null || before.pinned) return before;
        const cell = element.current;
        return cell !== null && cell === document.activeElement ? { ...before, box: boxOf(cell) } : null;
      }),
    close() {
      clearTimeout(timer.current);
      setShown(null);
    },
  };
}
