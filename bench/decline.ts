import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { receiverIds } from "#src/contract/receivers.ts";
import { localKeys } from "#src/launcher/keys.ts";
import type { Bench, Benchmark } from "./benchmark.ts";
import { type Figure, figureOf, type Target } from "./figures.ts";
import type { FloorOrder, FloorTimes } from "./floor-app.ts";
import { addInvitations } from "./invitations.ts";
import { declineOf, paced } from "./load.ts";
import { immediateReceivers, untilSettled } from "./requests.ts";

const floorFile = fileURLToPath(new URL("./floor-app.ts", import.meta.url));

interface Rate {
  readonly perSecond: number;
  readonly seconds: number;
  readonly targets: readonly Target[];
}
const rates: readonly Rate[] = [
  { perSecond: 1, seconds: 30, targets: [] },
  { perSecond: 10, seconds: 15, targets: [{ of: "p95", most: 500 }] },
  { perSecond: 30, seconds: 10, targets: [{ of: "p95", most: 1_500 }] },
];

async function answerOf<T>(child: ChildProcess): Promise<T> {
  const [message] = (await Promise.race([
    once(child, "message"),
    once(child, "exit").then(() => Promise.reject(new Error("The floor's app ended."))),
  ])) as [T];
  return message;
}

/** Requests that end invitations, and for each the time until the last of the receivers that have nothing to wait for. */
async function declines(bench: Bench, { perSecond, seconds }: Rate): Promise<number[]> {
  const goals = await addInvitations(bench.mongo.db(), perSecond * seconds, "apart");
  const answers = await paced(
    bench.stack.app,
    perSecond,
    goals.map((goalId) => declineOf(bench, goalId)),
  );
  const refused = answers.find(({ status }) => status !== 202);
  if (refused !== undefined) throw new Error(`A decline was answered by ${refused.status}.`);
  const done = await untilSettled(bench, goals, { receivers: immediateReceivers });
  // The refunds are not waited for in the figure, but the next rate is not to meet them.
  await untilSettled(bench, goals);
  return goals.map((goalId, place) => (done.get(goalId) ?? Number.NaN) - (answers[place]?.sent ?? 0));
}

/** Events for eleven functions that do nothing, at the same rate. */
async function floors(child: ChildProcess, url: string, { perSecond, seconds }: Rate): Promise<number[]> {
  const count = perSecond * seconds;
  const request = { method: "POST", path: "/" } as const;
  const answers = await paced(
    url,
    perSecond,
    Array.from({ length: count }, () => request),
  );
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await wait(200)) {
    child.send("times");
    const times = (await answerOf<FloorTimes>(child)).slice(-count);
    if (times.every((time) => time !== null))
      return answers.map(({ sent }, place) => (times[place] ?? Number.NaN) - sent);
  }
  throw new Error("The empty functions did not all run within a minute.");
}

/** From the request to the last of the ten receivers that have nothing to wait for, in an open loop. */
export const decline: Benchmark = {
  name: "decline",
  about: `A decline's request to the last of its ${immediateReceivers.length} immediate receivers. Floor: ${receiverIds.length} empty functions on one event, through the same Inngest server.`,
  settings: { RATE_LIMIT_DECLINE: "1000000" },
  async run(bench) {
    const { inngestEventKey: eventKey, inngestSigningKey: signingKey } = localKeys(bench.dataDir);
    const child = fork(floorFile, { execArgv: [] });
    try {
      const order: FloorOrder = {
        inngest: bench.stack.inngest,
        eventKey,
        signingKey,
        functions: receiverIds.length,
      };
      child.send(order);
      const url = await answerOf<string>(child);
      const warmUp: Rate = { perSecond: 5, seconds: 6, targets: [] };
      await declines(bench, warmUp);
      await floors(child, url, warmUp);
      const figures: Figure[] = [];
      for (const rate of rates) {
        bench.log(`${rate.perSecond} a second for ${rate.seconds} s`);
        const floor = `empty functions at ${rate.perSecond}/s`;
        figures.push(figureOf(floor, await floors(child, url, rate)));
        const { targets } = rate;
        const samples = await declines(bench, rate);
        figures.push(figureOf(`declines at ${rate.perSecond}/s`, samples, { floor, targets }));
      }
      return { figures, notes: [] };
    } finally {
      child.disconnect();
    }
  },
};
