/** What came of a seed. */
export interface Verdict {
  readonly seed: number;
  /** In the order of the plan; those that never came to it are marked. */
  readonly faults: readonly string[];
  /** How the invitations ended. */
  readonly ended: Readonly<Record<string, number>>;
  readonly settled_ms: number;
  /** What is wrong, a line each. */
  readonly wrong: readonly string[];
}
