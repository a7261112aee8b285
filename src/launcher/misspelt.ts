/** How many single changes (a letter more, less or other, two swapped) lead from one name to the other. */
function distance(one: string, other: string): number {
  const at = (row: readonly number[] | undefined, column: number) => row?.[column] ?? 0;
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1];
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      row.push(
        Math.min(
          at(rows[i - 1], j) + 1,
          at(row, j - 1) + 1,
          at(rows[i - 1], j - 1) + (same ? 0 : 1),
          ...(swapped ? [at(rows[i - 2], j - 2) + 1] : []),
        ),
      );
    }
    rows.push(row);
  }
  return at(rows[one.length], other.length);
}

/**
 * Names in an environment that are no setting but look like one that is not given: as `[given, meant]`. An environment
 * is full of other programs' names, so only what is as good as the same counts: two changes in long names, one in short.
 */
export function misspelt(given: readonly string[], known: ReadonlySet<string>): [string, string][] {
  const open = [...known].filter((name) => !given.includes(name) && name.length > 6);
  return given
    .filter((name) => !known.has(name))
    .flatMap((name) => {
      const plain = name.toUpperCase().replaceAll("-", "_");
      const meant = open.find((candidate) => distance(plain, candidate) <= (candidate.length > 9 ? 2 : 1));
      return meant === undefined ? [] : [[name, meant] satisfies [string, string]];
    });
}
