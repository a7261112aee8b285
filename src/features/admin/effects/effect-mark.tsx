"use client";

import type { CellLook } from "./cell.ts";
import classes from "./effects.module.css";

/** Line drawings on a grid of 16. Each look has a shape of its own: none is told by its colour alone. */
const drawings: Record<CellLook, string> = {
  done: "m3.5 8.5 3 3 6-7",
  retried: "m5.8 8.3 1.6 1.6 3-3.6M13.4 6.2A5.8 5.8 0 1 0 13.8 8M13.9 2.8v3.6h-3.6",
  returned: "M6.5 4 3 7.5 6.5 11M3 7.5h6.2a3 3 0 0 1 3 3V12",
  failed: "m4.5 4.5 7 7M11.5 4.5l-7 7",
  late: "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M8 5v3.4M8 10.7v.1",
  waiting: "M4.5 2.5h7M4.5 13.5h7M5.2 2.7c0 3.2 5.6 4 5.6 10.6M10.8 2.7c0 3.2-5.6 4-5.6 10.6",
  running: "M8 2.5a5.5 5.5 0 1 1-5.5 5.5",
  none: "M8 8v.1",
};

/** How an effect stands, as a drawing. It says nothing by itself: who draws it names it. */
export function EffectMark({ look, size = "1rem" }: { look: CellLook; size?: string }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 16 16"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth={look === "none" ? 2.4 : 1.7}
      strokeLinecap="round"
      strokeLinejoin="round"
      className={look === "running" ? classes["turns"] : undefined}
    >
      <path d={drawings[look]} />
    </svg>
  );
}
