import type { ReceiverId } from "#src/contract/receivers.ts";
import type { Services } from "../../services.ts";
import { refreshSummaries } from "./summaries.ts";

/** What the console hears of goals, from whoever has just written one. */
export interface GoalNews {
  /** Says that a goal has changed, after the write; with the receiver that came further, if it was one. */
  tell(goalId: string, receiver?: ReceiverId): void;
  /** Waits until what was said has been done. */
  settle(): Promise<void>;
}

/** A decline writes some thirty times within half a second: its summary is made anew once or twice. */
const gather_ms = 100;

/** Goals of which there is news, each with the receivers that came further. */
type News = ReadonlyMap<string, ReadonlySet<ReceiverId>>;

/**
 * Gathers what has changed for a moment, makes the summaries anew, and then hints to moderators: a page that reads
 * upon the hint finds the new summary. What is lost when the process dies is found by the minute's sweep. Hints have a
 * queue of their own, in which those of one goal become one: a Pusher that hangs holds up no summary.
 */
export function openGoalNews(
  services: Pick<Services, "db" | "clock" | "settings" | "live" | "log">,
): GoalNews {
  let gathered = new Map<string, Set<ReceiverId>>();
  let unhinted = new Map<string, Set<ReceiverId>>();
  let timer: NodeJS.Timeout | undefined;
  let refreshing: Promise<void> = Promise.resolve();
  let hinting: Promise<void> = Promise.resolve();

  const refresh = async (news: News) => {
    try {
      await refreshSummaries(services, [...news.keys()]);
    } catch (error) {
      services.log.warn({ err: error, goals: [...news.keys()] }, "summaries were not made anew");
    }
    for (const [goalId, receivers] of news) {
      unhinted.set(goalId, new Set([...(unhinted.get(goalId) ?? []), ...receivers]));
    }
    hinting = hinting.then(hint);
  };

  const hint = async () => {
    const news = unhinted;
    unhinted = new Map();
    await services.live.hintModerators(
      [...news].flatMap(([goal_id, receivers]) => [
        { name: "goal.updated" as const, message: { goal_id } },
        ...[...receivers].map((receiver) => ({
          name: "receiver.updated" as const,
          message: { goal_id, receiver },
        })),
      ]),
    );
  };

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (gathered.size === 0) return;
    const news = gathered;
    gathered = new Map();
    refreshing = refreshing.then(() => refresh(news));
  };

  return {
    tell(goalId, receiver) {
      const receivers = gathered.get(goalId) ?? new Set();
      if (receiver !== undefined) receivers.add(receiver);
      gathered.set(goalId, receivers);
      timer ??= setTimeout(flush, gather_ms);
    },
    async settle() {
      flush();
      await refreshing;
      await hinting;
    },
  };
}
