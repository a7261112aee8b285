import type { ConsoleIconName } from "../frame/icons.tsx";

/** The parts of the palette, in their order. */
const commandGroups = ["pages", "actions", "goals", "users", "sessions"] as const;
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

/** Whether a word of `text` begins with `word`; in Chinese, where no spaces part the words, whether it is in it at all. */
function has(text: string, word: string): boolean {
  if (/\p{Script=Han}/u.test(word)) return text.includes(word);
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(text.charAt(at - 1))) return true;
  }
  return false;
}

/** The commands that have every word of the query in them, in their order. */
export function matching(commands: readonly Command[], query: string): Command[] {
  const words = query
    .toLocaleLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return commands.filter(({ label, description, keywords }) => {
    const text = `${label} ${description ?? ""} ${keywords ?? ""}`.toLocaleLowerCase();
    return words.every((word) => has(text, word));
  });
}

/** Puts commands into their groups, in the groups' order; empty groups are left out. */
export const grouped = (
  commands: readonly Command[],
): readonly { readonly group: CommandGroup; readonly commands: readonly Command[] }[] =>
  commandGroups
    .map((group) => ({ group, commands: commands.filter((command) => command.group === group) }))
    .filter((part) => part.commands.length > 0);
