import type { FindCursor, ObjectId } from "mongodb";
import type { Database } from "./database.ts";

/** The last of all characters: whatever begins with a text comes between it and it with this behind. */
const last = "\u{10FFFF}";

type Field = "email" | "name";

/** The accounts whose `field` begins so, exactly as it is written, in its order, unread. */
export const usersBeginning = (
  { driver }: Database,
  field: Field,
  beginning: string,
  limit: number,
): FindCursor<{ _id: ObjectId }> =>
  driver
    .collection("user")
    .find({ [field]: { $gte: beginning, $lt: `${beginning}${last}` } })
    .sort({ [field]: 1 })
    .hint({ [field]: 1 })
    .limit(limit)
    .project<{ _id: ObjectId }>({ _id: 1 });

/**
 * The ways in which a name may be written that somebody types: as typed, small, in capitals, and with a capital at the
 * beginning of its first word or of each. Addresses are kept in small letters.
 */
export function spellings(field: Field, typed: string): string[] {
  const small = typed.toLowerCase();
  if (field === "email") return [small];
  const first = /^\p{L}/u;
  const each = /(?<=^|[\s'-])\p{L}/gu;
  const capital = (letter: string) => letter.toUpperCase();
  return [
    ...new Set([
      typed,
      small.replaceAll(each, capital),
      small.replace(first, capital),
      small,
      typed.toUpperCase(),
    ]),
  ];
}
