/** A stretch of a time axis. Times are milliseconds since the epoch; places are shares of the axis' width, 0 to 1. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly left: number;
  readonly width: number;
  /** Nothing begins or ends in it, and it would squash all else: drawn short, whatever time it is. */
  readonly folded: boolean;
}

/** Shorter than this, nothing is folded: a few seconds of waiting are worth seeing. */
const shortest_ms = 2_000;
/** A quiet time is folded that is longer than so many times everything shorter together. */
const ratio = 3;
/** How wide a folded stretch is, and all of them together at most. */
const foldWidth = 0.16;
const foldWidths = 0.5;
/** No stretch in which something happens is narrower than this, as long as there is room. */
const leastWidth = 0.08;

/**
 * Lays out a time axis on which `moments` lie. A decline takes a third of a second, the sleep of its refund may take
 * days, and somebody runs a receiver again a week later: to scale, all but one of them would be invisible. Quiet times
 * between two moments that are far longer than the rest together are therefore folded, each to the same width, and
 * what is between them is to scale. Without `fold`, all of it is to scale.
 */
export function layOutTime(moments: readonly number[], fold: boolean): readonly Stretch[] {
  const places = [...new Set(moments)].toSorted((a, b) => a - b);
  const first = places[0];
  if (first === undefined) return [];
  const gaps = places.slice(1).map((to, before) => ({ from: places[before] ?? to, to }));
  const longest = fold ? longestKept(gaps.map(({ from, to }) => to - from)) : Infinity;

  const stretches: { from: number; to: number; folded: boolean }[] = [];
  for (const { from, to } of gaps) {
    const folded = to - from > longest;
    const last = stretches.at(-1);
    if (!folded && last !== undefined && !last.folded) last.to = to;
    else stretches.push({ from, to, folded });
  }
  if (stretches.length === 0) return [{ from: first, to: first + 1, left: 0, width: 1, folded: false }];
  return placed(stretches);
}

/** The longest quiet time that is drawn to scale. */
function longestKept(lengths: readonly number[]): number {
  let together = 0;
  let longest = 0;
  for (const length of lengths.toSorted((a, b) => a - b)) {
    if (together > 0 && length > shortest_ms && length > ratio * together) return longest;
    together += length;
    longest = length;
  }
  return longest;
}

function placed(stretches: readonly { from: number; to: number; folded: boolean }[]): Stretch[] {
  const open = stretches.filter(({ folded }) => !folded);
  const folds = stretches.length - open.length;
  const fold = folds === 0 ? 0 : Math.min(foldWidth, (open.length === 0 ? 1 : foldWidths) / folds);
  const room = 1 - fold * folds;
  const least = open.length === 0 ? 0 : Math.min(leastWidth, room / open.length / 2);
  const spare = room - least * open.length;
  const total = open.reduce((sum, { from, to }) => sum + to - from, 0);
  let left = 0;
  return stretches.map((stretch) => {
    const width = stretch.folded ? fold : least + (spare * (stretch.to - stretch.from)) / (total || 1);
    const at = left;
    left += width;
    return { ...stretch, left: at, width };
  });
}

/** Where a moment lies on the axis, 0 to 1; what lies outside is at its nearer end. */
export function placeOf(stretches: readonly Stretch[], at: number): number {
  const stretch = stretches.find(({ to }) => at <= to) ?? stretches.at(-1);
  if (stretch === undefined) return 0;
  const share = (at - stretch.from) / (stretch.to - stretch.from || 1);
  return stretch.left + stretch.width * Math.min(1, Math.max(0, share));
}

/** A label of the axis: a round time after its stretch's beginning, and where it is. */
export interface Tick {
  readonly after_ms: number;
  readonly place: number;
}

const millisecond = 1;
const second = 1_000 * millisecond;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
/** What people count time in. */
const steps = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((count) => count * millisecond),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((count) => count * day),
];

/** The shortest round time that is not shorter than `rough`, in milliseconds. */
const roundStep = (rough: number): number =>
  steps.find((step) => step >= rough) ?? Math.ceil(rough / day) * day;

/** Round times within the stretches that are to scale, at most about `most` over the whole width. */
export function ticksOf(stretches: readonly Stretch[], most: number): Tick[] {
  return stretches.flatMap((stretch, nth) => {
    const wanted = Math.floor(stretch.width * most);
    if (stretch.folded || wanted < 1) return [];
    const length = stretch.to - stretch.from;
    const step = roundStep(length / wanted);
    // Where the axis begins is said; where a later stretch does, the fold before it says.
    const first = nth === 0 ? 0 : 1;
    const count = Math.max(0, Math.ceil((length * 0.94) / step) - first);
    return Array.from({ length: Math.min(count, wanted + 1) }, (_, tick) => {
      const after_ms = (tick + first) * step;
      return { after_ms, place: placeOf([stretch], stretch.from + after_ms) };
    });
  });
}
