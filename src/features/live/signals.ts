/** How many signals are remembered: far more than can come within the time in which repeats do. */
const remembered = 500;

/**
 * Remembers which signals have come. `goal.ended` reaches one page on several channels and may be sent more than once;
 * only the first of one `signal_id` says anything new (readings, 8).
 */
export function createSignalMemory(capacity = remembered): {
  isRepeat: (event: string, data: unknown) => boolean;
} {
  const seen = new Set<string>();
  return {
    isRepeat(event, data) {
      if (event !== "goal.ended" || typeof data !== "object" || data === null || !("signal_id" in data))
        return false;
      const id = data.signal_id;
      if (typeof id !== "string") return false;
      if (seen.has(id)) return true;
      seen.add(id);
      const [oldest] = seen;
      if (seen.size > capacity && oldest !== undefined) seen.delete(oldest);
      return false;
    },
  };
}
