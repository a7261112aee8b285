import { Icon } from "../../shell/icons.tsx";

const drawings = {
  overview: "M4 20V10M10 20V4M16 20v-7M21 20H3",
  goals: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 12v.1",
  bulk: "m12 3.5 8.5 4.5-8.5 4.5L3.5 8zM4 12.3l8 4.2 8-4.2M4 16.3l8 4.2 8-4.2",
  ledger: "M12 4v16M8 20h8M5 7h14M5 7l-2.5 6a2.6 2.6 0 0 0 5 0zM19 7l-2.5 6a2.6 2.6 0 0 0 5 0z",
  sessions:
    "M12 11a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3M8 16.5a5.6 5.6 0 0 1 0-8M16 8.5a5.6 5.6 0 0 1 0 8M5 19.5a10 10 0 0 1 0-14M19 5.5a10 10 0 0 1 0 14",
  users:
    "M9 4.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M2.5 20c0-3.6 2.6-6 6.5-6s6.5 2.4 6.5 6M16 5a3.3 3.3 0 0 1 0 6.3M18 14.4c2.2.8 3.5 2.8 3.5 5.6",
  audit: "M6 3.5h9l4 4v13H6zM14.5 4v4H19M9.5 12h6M9.5 16h6",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.5 15.5 20.5 20.5",
  agrees: "M12 3.5 19.5 6v5.5c0 4.4-3 7.6-7.5 9-4.5-1.4-7.5-4.6-7.5-9V6zM8.5 12l2.5 2.5 4.5-5",
  breached: "M8.2 3.5h7.6l4.7 4.7v7.6l-4.7 4.7H8.2l-4.7-4.7V8.2zM12 7.5v5.5M12 16.2v.1",
  question:
    "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M9.5 9.5a2.5 2.5 0 1 1 3.6 2.3c-.8.4-1.1.9-1.1 1.7M12 16.5v.1",
  person: "M12 4a3.8 3.8 0 1 0 0 7.6A3.8 3.8 0 0 0 12 4M4.5 20.5c0-4 3-6.5 7.5-6.5s7.5 2.5 7.5 6.5",
  download: "M12 4v11M7.5 11l4.5 4.5 4.5-4.5M4.5 20h15",
  language:
    "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M3.5 12h17M12 3.5c2.5 2.3 3.7 5.1 3.7 8.5s-1.2 6.2-3.7 8.5c-2.5-2.3-3.7-5.1-3.7-8.5S9.5 5.8 12 3.5",
} as const;

export type ConsoleIconName = keyof typeof drawings;

/** The console's own line drawings, in the colour and size of the text around them. They say nothing by themselves. */
export function ConsoleIcon({ name, size }: { name: ConsoleIconName; size?: string }) {
  return (
    <Icon size={size}>
      <path d={drawings[name]} />
    </Icon>
  );
}
