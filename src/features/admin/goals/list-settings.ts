import { z } from "zod";
import { createKept } from "./kept.ts";

/** What the table can show beside the goal itself, in its order. */
export const goalColumns = [
  "state",
  "money",
  "trouble",
  "effects",
  "created",
  "ended",
  "exp",
  "cooldown",
  "prepaid",
  "session",
] as const;
export type GoalColumn = (typeof goalColumns)[number];

const listSettingsShape = z.object({
  columns: z.array(z.enum(goalColumns)),
  density: z.enum(["comfortable", "compact"]),
});
export type ListSettings = z.output<typeof listSettingsShape>;

export const firstColumns: readonly GoalColumn[] = [
  "state",
  "money",
  "trouble",
  "effects",
  "created",
  "ended",
];

/** How the person likes the list: which columns, and how much room a row has. */
export const listSettings = createKept<ListSettings>("goalkeeper.console.goals", listSettingsShape, {
  columns: [...firstColumns],
  density: "comfortable",
});
