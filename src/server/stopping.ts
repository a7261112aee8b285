/**
 * How the parts of the app's process agree on its end. The server at the socket and what Next has bundled are two module
 * graphs in one process, and a module's own variable would exist in each of them: so this is kept on `globalThis`.
 */
interface Stop {
  asked: boolean;
  readonly closers: Set<() => Promise<void>>;
}
const shared = globalThis as { goalkeeperStop?: Stop };
const stop = (): Stop => (shared.goalkeeperStop ??= { asked: false, closers: new Set() });

/** Says that this process is about to end: it takes no new work, and is not ready for any. */
export const beginStop = (): void => void (stop().asked = true);

/** Whether this process is about to end. */
export const isStopping = (): boolean => stop().asked;

/** Has `close` called when all requests are answered, before the process ends. */
export const closeAtTheEnd = (close: () => Promise<void>): void => void stop().closers.add(close);

/** Closes what was to be closed, side by side. Never throws: gives the reasons of what could not be closed. */
export async function closeEverything(): Promise<unknown[]> {
  const closers = [...stop().closers];
  stop().closers.clear();
  const settled = await Promise.allSettled(closers.map((close) => close()));
  return settled.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
}
