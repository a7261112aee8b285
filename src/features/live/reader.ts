/** Reads again on demand, one read at a time. */
export interface Reader {
  /** Asks for a read that begins after this call. */
  request(): void;
  /** Reads no more. */
  stop(): void;
}

/**
 * Makes a reader of `read`, which must not reject. What is asked for during a read is answered by one more read after
 * it, at least `gap_ms` later: a burst of hints costs two reads, and the last hint is never missed.
 */
export function createReader(read: () => Promise<unknown>, gap_ms: number): Reader {
  let stopped = false;
  let wanted = false;
  let busy = false;

  async function run(): Promise<void> {
    busy = true;
    while (wanted && !stopped) {
      wanted = false;
      await read();
      await new Promise((resolve) => setTimeout(resolve, gap_ms));
    }
    busy = false;
  }

  return {
    request() {
      wanted = true;
      if (!busy && !stopped) void run();
    },
    stop() {
      stopped = true;
    },
  };
}
