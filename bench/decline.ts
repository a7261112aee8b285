import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { receiverIds } from "#src/contract/receivers.ts";
import { localKeys } from "#src/launcher/keys.ts";
import type { Bench, StackBenchmark } from "./benchmark.ts";
import { type Figure, figureOf, type Target } from "./figures.ts";
import type { FloorOrder, FloorTimes } from "./floor-app.ts";
import { addInvitations } from "./invitations.ts";
import { declineOf, paced } from "./load.ts";
import { immediateReceivers, untilSettled } from "./requests.ts";

const floorFile = fileURLToPath(new URL("./floor-app.ts", import.meta.url));

interface Rate {
  readonly perSecond: number;
  readonly seconds: number;
}
interface Round extends Rate {
  /** How long the floor is taken, in seconds. */
  readonly floor_s: number;
  readonly targets: readonly Target[];
}
const rounds: readonly Round[] = [
  { perSecond: 1, seconds: 20, floor_s: 20, targets: [] },
  { perSecond: 10, seconds: 15, floor_s: 10, targets: [{ of: "p95", most: 500 }] },
  { perSecond: 30, seconds: 10, floor_s: 5, targets: [{ of: "p95", most: 1_500 }] },
];
/** Once a second, declines and floors take turns, half a second apart: neither meets the other. */
const apart_ms = 500;

/** The process of the floor's app. */
interface FloorApp {
  readonly url: string;
  times(): Promise<FloorTimes>;
  end(): void;
}

async function startFloorApp(order: FloorOrder): Promise<FloorApp> {
  const child = fork(floorFile, { execArgv: [] });
  const ended = once(child, "exit").then(() => Promise.reject(new Error("The floor's app ended.")));
  ended.catch(() => undefined);
  const ask = async <T>(question: FloorOrder | "times"): Promise<T> => {
    const answer = once(child, "message") as Promise<[T]>;
    child.send(question);
    const [message] = await Promise.race([answer, ended]);
    return message;
  };
  return { url: await ask<string>(order), times: () => ask("times"), end: () => child.disconnect() };
}

/**
 * Requests that end invitations, and for each the time until the last of the receivers that have nothing to wait for: no
 * end of time where the request was refused, so that refusing makes no figure better.
 */
async function declines(bench: Bench, { perSecond, seconds }: Rate): Promise<number[]> {
  const goals = await addInvitations(bench.mongo.db(), perSecond * seconds, "apart");
  const answers = await paced(
    bench.stack.app,
    perSecond,
    goals.map((goalId) => declineOf(bench, goalId)),
  );
  const accepted = goals.filter((_, place) => answers[place]?.status === 202);
  const done = await untilSettled(bench, accepted, { receivers: immediateReceivers });
  // The refunds are not waited for in the figure, but the next rate is not to meet them.
  await untilSettled(bench, accepted);
  return goals.map(
    (goalId, place) => (done.get(goalId) ?? Number.POSITIVE_INFINITY) - (answers[place]?.sent ?? 0),
  );
}

/** Events for eleven functions that do nothing, at the same rate. */
async function floors(floor: FloorApp, { perSecond, seconds }: Rate): Promise<number[]> {
  const count = perSecond * seconds;
  const request = { method: "POST", path: "/" } as const;
  const answers = await paced(
    floor.url,
    perSecond,
    Array.from({ length: count }, () => request),
  );
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await wait(200)) {
    const times = (await floor.times()).slice(-count);
    if (times.every((time) => time !== null))
      return answers.map(({ sent }, place) => (times[place] ?? Number.NaN) - sent);
  }
  throw new Error("The empty functions did not all run within a minute.");
}

/** From the request to the last of the ten receivers that have nothing to wait for, in an open loop. */
export const decline: StackBenchmark = {
  name: "decline",
  of: "stack",
  about: `A decline's request to the last of its ${immediateReceivers.length} immediate receivers. Floor: ${receiverIds.length} empty functions on one event, through the same Inngest server.`,
  settings: { RATE_LIMIT_DECLINE: "1000000" },
  async run(bench) {
    const { inngestEventKey: eventKey, inngestSigningKey: signingKey } = localKeys(bench.dataDir);
    const app = await startFloorApp({
      inngest: bench.stack.inngest,
      eventKey,
      signingKey,
      functions: receiverIds.length,
    });
    try {
      const warmUp: Rate = { perSecond: 10, seconds: 5 };
      await Promise.all([declines(bench, warmUp), floors(app, warmUp)]);
      const figures: Figure[] = [];
      const notes: string[] = [];
      for (const { perSecond, seconds, floor_s, targets } of rounds) {
        bench.log(`${perSecond} a second for ${seconds} s`);
        const floor = `empty functions at ${perSecond}/s`;
        const takeFloors = () => floors(app, { perSecond, seconds: floor_s });
        const takeDeclines = () => declines(bench, { perSecond, seconds });
        const [floorTimes, samples] =
          perSecond === 1
            ? await Promise.all([takeFloors(), wait(apart_ms).then(takeDeclines)])
            : [await takeFloors(), await takeDeclines()];
        figures.push(figureOf(floor, floorTimes));
        const refused = samples.filter((ms) => ms === Number.POSITIVE_INFINITY).length;
        if (refused > 0) notes.push(`At ${perSecond}/s ${refused} of ${samples.length} were refused.`);
        figures.push(figureOf(`declines at ${perSecond}/s`, samples, { floor, targets }));
        const over_ms = Math.max(...samples.map((ms, place) => ms + (1_000 * place) / perSecond));
        const throughput = (1_000 * samples.length) / over_ms;
        if (throughput < 0.9 * perSecond)
          notes.push(
            `Of ${perSecond} a second it got through ${throughput.toFixed(1)}; the others waited in Inngest's queue. The limit is the processor time of the app's one thread: [what sets the limit](../docs/performance.md#what-sets-the-limit-now).`,
          );
      }
      return { figures, notes };
    } finally {
      app.end();
    }
  },
};
