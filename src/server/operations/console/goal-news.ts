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

/**
 * Gathers what has changed for a moment, makes the summaries anew, and then hints to moderators: a page that reads
 * upon the hint finds the new summary. What is lost when the process dies is found by the minute's sweep.
 */
export function openGoalNews(
  services: Pick<Services, "db" | "clock" | "settings" | "live" | "log">,
): GoalNews {
  let gathered = new Map<string, Set<ReceiverId>>();
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();

  const work = async (news: ReadonlyMap<string, ReadonlySet<ReceiverId>>) => {
    try {
      await refreshSummaries(services, [...news.keys()]);
    } catch (error) {
      services.log.warn({ err: error, goals: [...news.keys()] }, "summaries were not made anew");
    }
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
    working = working.then(() => work(news));
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
      await working;
    },
  };
}
