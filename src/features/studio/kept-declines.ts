import type { KeptDecline } from "./declines.ts";

/** Where declines are kept until the server has answered. */
export interface KeptDeclines {
  all(): readonly KeptDecline[];
  has(goalId: string): boolean;
  put(kept: KeptDecline): void;
  remove(goalId: string): void;
}

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

/** Reads what an older or newer version of the page, or anyone, may have left; null when it makes no sense. */
function parse(text: string | null): KeptDecline | null {
  try {
    const { goal_id, name, until, attempts, retry_at } = JSON.parse(text ?? "") as Record<string, unknown>;
    if (typeof goal_id !== "string" || !/^[0-9a-f]{24}$/.test(goal_id) || typeof name !== "string")
      return null;
    if (!isNumber(until) || !isNumber(attempts) || !isNumber(retry_at)) return null;
    return { goal_id, name, until, attempts, retry_at };
  } catch {
    return null;
  }
}

/**
 * Keeps the declines of one account in the browser, each under a key of its own, so that two pages never write over
 * each other's. Null where the browser keeps nothing: then a decline lives as long as its page.
 */
export function keepDeclines(accountId: string, open: () => Storage): KeptDeclines | null {
  const prefix = `goalkeeper.decline.${accountId}.`;
  const storage = usable(open, prefix);
  if (storage === null) return null;
  return {
    all: () =>
      Array.from({ length: storage.length }, (_, place) => storage.key(place))
        .filter((key) => key?.startsWith(prefix) === true)
        .flatMap((key) => parse(storage.getItem(key ?? "")) ?? []),
    has: (goalId) => storage.getItem(prefix + goalId) !== null,
    put(kept) {
      try {
        storage.setItem(prefix + kept.goal_id, JSON.stringify(kept));
      } catch {
        // Full: the decline goes out all the same, while the page is open.
      }
    },
    remove: (goalId) => storage.removeItem(prefix + goalId),
  };
}

/** The storage, if it lets itself be opened and written to. */
function usable(open: () => Storage, probe: string): Storage | null {
  try {
    const storage = open();
    storage.setItem(probe, "");
    storage.removeItem(probe);
    return storage;
  } catch {
    return null;
  }
}
