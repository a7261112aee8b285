/** Keys from `from` (included) to `to` (not included; undefined is the end of the index). */
export interface KeyRange {
  readonly from: Uint8Array;
  readonly to: Uint8Array | undefined;
  /** Whether `from` is all of a unique index's key: then there is one entry at most. */
  readonly isWholeKey?: boolean;
}

/** The keys that begin with `prefix`. */
export function prefixRange(prefix: Uint8Array): KeyRange {
  return { from: prefix, to: successor(prefix) };
}

/** The first byte string behind all those that begin with `prefix`; undefined when there is none. */
export function successor(prefix: Uint8Array): Uint8Array | undefined {
  for (let length = prefix.length; length > 0; length--) {
    const last = prefix[length - 1] ?? 0xff;
    if (last === 0xff) continue;
    // Not `slice`, which in a Buffer shares its bytes with the original.
    const bytes = Uint8Array.from(prefix.subarray(0, length));
    bytes[length - 1] = last + 1;
    return bytes;
  }
  return undefined;
}

/** Whether a range holds no keys by its bounds alone. */
export function isEmptyRange({ from, to }: KeyRange): boolean {
  return to !== undefined && Buffer.compare(from, to) >= 0;
}

/** The ranges in the order of their keys. They must not overlap. */
export function sortRanges(ranges: readonly KeyRange[]): KeyRange[] {
  return ranges.toSorted((a, b) => Buffer.compare(a.from, b.from));
}
