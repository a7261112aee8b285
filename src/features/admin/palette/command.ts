import type { ConsoleIconName } from "../frame/icons.tsx";

/** The parts of the palette, in their order. */
export const commandGroups = ["pages", "actions", "goals", "users", "sessions"] as const;
export type CommandGroup = (typeof commandGroups)[number];

/** Something that the palette can do for a person. */
export interface Command {
  readonly id: string;
  readonly group: CommandGroup;
  readonly icon: ConsoleIconName;
  readonly label: string;
  readonly description?: string;
  /** Other words by which it may be looked for. */
  readonly keywords?: string;
  readonly run: () => void;
}

/** An id as people paste it: alone, in an address, or as an escrow's. Null where there is none. */
export const pastedId = (query: string): string | null =>
  /(?<![0-9a-f])[0-9a-f]{24}(?![0-9a-f])/i.exec(query)?.[0].toLowerCase() ?? null;

/** The commands that have every word of the query in them, in their order. */
export function matching(commands: readonly Command[], query: string): Command[] {
  const words = query
    .toLocaleLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return commands.filter(({ label, description, keywords }) => {
    const text = `${label} ${description ?? ""} ${keywords ?? ""}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Puts commands into their groups, in the groups' order; empty groups are left out. */
export const grouped = (
  commands: readonly Command[],
): readonly { readonly group: CommandGroup; readonly commands: readonly Command[] }[] =>
  commandGroups
    .map((group) => ({ group, commands: commands.filter((command) => command.group === group) }))
    .filter((part) => part.commands.length > 0);
