import { Icon } from "../../shell/icons.tsx";

const drawings = {
  columns: "M4 5h16v14H4zM9.5 5v14M14.5 5v14",
  rows: "M4 6.5h16M4 12h16M4 17.5h16",
  dense: "M4 5h16M4 9.7h16M4 14.3h16M4 19h16",
  table: "M4 5h16v14H4zM4 10h16M10 10v9",
  matrix: "M4 4h6.5v6.5H4zM13.5 4H20v6.5h-6.5zM4 13.5h6.5V20H4zM13.5 13.5H20V20h-6.5z",
  filter: "M4 6h16M7 12h10M10.5 18h3",
  again: "M19.5 12a7.5 7.5 0 1 1-2.2-5.3M20 3.5v4.2h-4.2",
  keyboard: "M3 7h18v11H3zM7 10.5v.1M11 10.5v.1M15 10.5v.1M7 14.5h10M18 10.5v.1",
  star: "m12 4 2.5 5.2 5.5.7-4 3.9 1 5.7-5-2.8-5 2.8 1-5.7-4-3.9 5.5-.7z",
  up: "M12 19V5.5M6.5 11 12 5.5 17.5 11",
  down: "m6.5 9.5 5.5 5.5 5.5-5.5",
  more: "M6 12v.1M12 12v.1M18 12v.1",
  stop: "M7 7h10v10H7z",
  bin: "M5 7h14M9.5 7V4.5h5V7M7 7l.8 12.5h8.4L17 7",
} as const;

export type MarkName = keyof typeof drawings;

/** The lists' own line drawings, in the colour and size of the text around them. They say nothing by themselves. */
export function Mark({ name, size }: { name: MarkName; size?: string }) {
  return (
    <Icon size={size} strokeWidth={name === "more" ? 2.6 : 1.8}>
      <path d={drawings[name]} />
    </Icon>
  );
}
