import type { ObjectId } from "mongodb";
import { isComplete, looksAfter_ms } from "#src/domain/reconciliation.ts";
import { listDueRefunds } from "../data/due-refunds.ts";
import { findLastEnded } from "../data/endings.ts";
import { findGoals } from "../data/goals.ts";
import { findStragglerIds, receiversReached } from "../data/reconciliation.ts";
import { gaugeBreaches } from "../operations/console/conservation.ts";
import type { Services } from "../services.ts";
import { dependencyStates } from "./readiness.ts";

/** Who scrapes several times within this time is told the same: what is asked of the database is asked once. */
const fresh_ms = 5_000;
/** How many of the goals that ended last, and of those that are known to lack something, are looked at. */
const mostLast = 100;
const mostNoted = 200;

const looks = new WeakMap<Services, { readonly at: number; readonly look: Promise<void> }>();

/**
 * Sets the gauges that are read from the database and the services, which are the same in every process. What cannot be
 * read has no series then, and never keeps the other figures from being told.
 */
export function setGauges(services: Services): Promise<void> {
  const now = performance.now();
  const last = looks.get(services);
  if (last !== undefined && now - last.at < fresh_ms) return last.look;
  const look = lookAtAll(services);
  looks.set(services, { at: now, look });
  return look;
}

async function lookAtAll(services: Services): Promise<void> {
  const { metrics, log } = services;
  const read = async (gauge: { remove(): void; set(value: number): void }, value: () => Promise<number>) => {
    gauge.remove();
    try {
      gauge.set(await value());
    } catch (error) {
      log.warn({ err: error }, "a figure was not read from the database");
    }
  };
  await Promise.all([
    gaugeBreaches(services),
    read(metrics.oldestDueRefund, () => ageOfOldestDueRefund(services)),
    read(metrics.signalsMissing, () => countMissingSignals(services)),
    gaugeDependencies(services),
  ]);
}

async function gaugeDependencies(services: Services): Promise<void> {
  for (const [dependency, state] of Object.entries(await dependencyStates(services)))
    services.metrics.dependencyUp.set({ dependency }, state === "ok" ? 1 : 0);
}

/**
 * For how long the refund that is due longest, and that nobody holds back, has been due, in seconds. By the goals'
 * summaries, which may hear of a refund a minute or two late.
 */
async function ageOfOldestDueRefund({ db, clock }: Services): Promise<number> {
  const now = clock();
  const [oldest] = await listDueRefunds(db, now, null, 1);
  return oldest === undefined ? 0 : (now.getTime() - oldest.refund_due.getTime()) / 1_000;
}

/** Goals that ended a while ago and of which something is missing, among those that ended last or are known to lack it. */
async function countMissingSignals({ db, clock }: Services): Promise<number> {
  const before = new Date(clock().getTime() - looksAfter_ms);
  const [last, noted] = await Promise.all([
    findLastEnded(db, before, mostLast),
    findStragglerIds(db, mostNoted),
  ]);
  const hex = ({ _id }: { _id: ObjectId }) => _id.toHexString();
  const ended = new Map([...(await findGoals(db, noted)), ...last].map((goal) => [hex(goal), goal]));
  const goals = [...ended.values()];
  const reached = await receiversReached(
    db,
    goals.map(({ _id }) => _id),
  );
  return goals.filter(
    (goal) =>
      goal.deactivated != null &&
      !isComplete({
        reason: goal.deactivated.reason,
        hasCooldown: goal.metadata.cooldown != null,
        reached: reached.get(hex(goal)) ?? new Set(),
      }),
  ).length;
}
