/** Where a card lies in the page, in pixels. */
export interface Place {
  readonly left: number;
  readonly top: number;
}

export type Arrow = "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight";

/**
 * Which card an arrow leads to from the card at `from`, by where the cards lie; -1 for the card itself when there is
 * none that way. Left and right follow the reading order from row to row; up and down keep to the column.
 */
export function cardTowards(places: readonly Place[], from: number, arrow: Arrow): number {
  const here = places[from];
  if (here === undefined) return places.length === 0 ? -1 : 0;
  switch (arrow) {
    case "ArrowLeft":
      return from - 1;
    case "ArrowRight":
      return from + 1 < places.length ? from + 1 : -1;
    case "ArrowDown":
      return inRow(places, here, Math.min(...places.map(({ top }) => top).filter((top) => top > here.top)));
    case "ArrowUp":
      return inRow(places, here, Math.max(...places.map(({ top }) => top).filter((top) => top < here.top)));
  }
}

/** The card of a row that lies closest to the column of `here`; -1 when there is no such row. */
function inRow(places: readonly Place[], here: Place, top: number): number {
  return places.reduce((best, place, index) => {
    if (place.top !== top) return best;
    const known = places[best];
    const isCloser =
      known === undefined || Math.abs(place.left - here.left) < Math.abs(known.left - here.left);
    return isCloser ? index : best;
  }, -1);
}
