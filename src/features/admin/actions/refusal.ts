import type { Preview } from "./preview-types.ts";

type Note = NonNullable<Preview["refused"]>;

/** The text that says why an action is refused: some of what is a note beside a part wants more words as the only answer. */
export const refusalText = (note: Note) =>
  note === "already_done" || note === "held_back" ? (`refused_${note}` as const) : (`note_${note}` as const);
