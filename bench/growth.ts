import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { ObjectId } from "mongodb";
import { openDatabase } from "#src/server/data/database.ts";
import { keepRecentCounts } from "#src/server/operations/console/counts.ts";
import { makeManyGoals } from "#src/testing/many-goals.ts";
import type { Bench, StackBenchmark } from "./benchmark.ts";
import { type Figure, figureOf, quantile } from "./figures.ts";
import { addInvitations } from "./invitations.ts";
import { plotOf, type Series } from "./plot.ts";
import { decline, get, time } from "./requests.ts";

const sizes = [1_000, 20_000, 200_000] as const;
const pairs = [10, 100, 1_000] as const;
const readings = 30;
/** How often the overview is read beside a size: most often beside the one that its target is about. */
const overviewReadings = { 1_000: 5, 20_000: 5, 200_000: 20 } as const;
/** An overview that was just read is given again, this many times as long as it took: see `figures` in the console's operations. */
const keptTimes = 10;
const mostKept_ms = 15_000;

type Lists = Readonly<Record<string, string>>;

/** The lists of the console, as its pages ask for them. */
function listsOf(app: string, streamer: string): Lists {
  const ask = (procedure: string, input: object) =>
    `${app}/api/trpc/admin.${procedure}?input=${encodeURIComponent(JSON.stringify(input))}`;
  const list = (filter: object, limit = 50) => ask("goals.list", { filter, limit });
  return {
    "list, the newest": list({}),
    "list, declined by amount": list({ outcome: "declined", sort: "amount" }),
    "list, one streamer's expired": list({ streamer, outcome: "expired" }),
    "matrix, the newest": list({}, 100),
    "matrix, failed of one receiver": list({ trouble: "failed", receiver: "notify_goal_ended" }, 100),
    "count, declined": ask("goals.count", { filter: { outcome: "declined" } }),
  };
}

/** Adds ended goals, one in a hundred of them with a receiver that has failed. */
async function fill(bench: Bench, count: number): Promise<string> {
  const failed = Object.fromEntries(
    Array.from({ length: Math.ceil(count / 100) }, (_, n) => [
      n * 100 + 13,
      n % 3 === 0 ? ("notify_goal_ended" as const) : ("track_goals" as const),
    ]),
  );
  // What watches over ended goals has been here already: only the newest are looked at again, and they lack nothing.
  await bench.mongo
    .db()
    .collection<{ _id: string }>("reconciliation")
    .updateOne(
      { _id: "walk" },
      { $set: { ended: new Date(), goal: new ObjectId("f".repeat(24)) } },
      { upsert: true },
    );
  const services = { db: openDatabase(bench.mongo), clock: () => new Date() };
  const { streamerIds } = await makeManyGoals(services, { count, failed, runsOf: 1_000 });
  return streamerIds[0] ?? "";
}

/**
 * Reads the overview as the first who asks, whom nobody's answer spares the work; each answer says of when it is. What
 * is over is counted once, which `keep_figures` does every half-hour: it is done before, and is no part of the figures.
 * While an answer is still given again, `meanwhile` is done, bit by bit.
 */
async function readOverview(
  bench: Bench,
  authorization: string,
  count: number,
  meanwhile: () => Promise<boolean>,
): Promise<number[]> {
  const address = `${bench.stack.app}/api/trpc/admin.overview?input=${encodeURIComponent('{"range":"month"}')}`;
  await bench.mongo
    .db()
    .collection<{ _id: string }>("console_state")
    .deleteMany({ _id: /^figures:/ });
  await keepRecentCounts({ db: openDatabase(bench.mongo), clock: () => new Date() });
  const samples: number[] = [];
  const moments = new Set<string>();
  for (let n = 0; n <= count; n++) {
    let body = "";
    const [took_ms = 0] = await time(1, async () => (body = await get(address, authorization)));
    if (n > 0) samples.push(took_ms);
    moments.add(/"as_of":"([^"]*)"/.exec(body)?.[1] ?? "");
    const until = performance.now() + Math.min((keptTimes + 1) * took_ms, mostKept_ms) + 20;
    while (performance.now() < until)
      if (!(await meanwhile())) await wait(Math.max(0, until - performance.now()));
  }
  if (moments.size <= count) throw new Error("An overview was given twice.");
  return samples;
}

/** How long each list took, by its name: the lists take turns with each other and with the overview. */
async function readLists(
  bench: Bench,
  authorization: string,
  streamer: string,
  size: keyof typeof overviewReadings,
) {
  const addresses = Object.entries(listsOf(bench.stack.app, streamer));
  for (const [, address] of addresses) await time(5, () => get(address, authorization));
  const samples = new Map(addresses.map(([name]) => [name, [] as number[]]));
  let n = 0;
  const readNext = async () => {
    const [name, address] = addresses[n++ % addresses.length] ?? ["", ""];
    if (n > readings * addresses.length) return false;
    samples.get(name)?.push(...(await time(1, () => get(address, authorization))));
    return true;
  };
  const overviews = await readOverview(bench, authorization, overviewReadings[size], readNext);
  while (await readNext());
  return samples.set("overview of a month", overviews);
}

async function lists(bench: Bench): Promise<{ figures: Figure[]; series: Series[] }> {
  const authorization = await bench.signIn("mod@example.com");
  const figures: Figure[] = [];
  const points = new Map<string, { size: number; ms: number }[]>();
  let there = 0;
  for (const size of sizes) {
    const began = performance.now();
    const streamer = await fill(bench, size - there);
    there = size;
    bench.log(`${size} goals after ${((performance.now() - began) / 1000).toFixed(1)} s`);
    const floor = `GET /healthz beside ${size} goals`;
    await time(10, () => get(`${bench.stack.app}/healthz`));
    figures.push(figureOf(floor, await time(readings, () => get(`${bench.stack.app}/healthz`))));
    const targets = size === sizes.at(-1) ? [{ of: "p95", most: 100 } as const] : [];
    for (const [name, samples] of await readLists(bench, authorization, streamer, size)) {
      figures.push(figureOf(`${name}, ${size}`, samples, { floor, targets }));
      points.set(name, [...(points.get(name) ?? []), { size, ms: quantile(samples, 0.5) }]);
    }
  }
  return { figures, series: [...points].map(([name, at]) => ({ name, points: at })) };
}

/** Declines one of so many invitations of a session; gives how long `cleanup_expired_exclusive_goal_pairs` ran. */
async function cleanup(bench: Bench, count: number): Promise<number> {
  const db = bench.mongo.db();
  const [goalId = ""] = await addInvitations(db, count, "together");
  await decline(bench, goalId);
  const filter = {
    goal_id: new ObjectId(goalId),
    receiver: "cleanup_expired_exclusive_goal_pairs",
    status: "done",
  };
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; await wait(50)) {
    const run = await db.collection("receiver_runs").findOne(filter);
    if (run !== null) return (run["finished"] as Date).getTime() - (run["started"] as Date).getTime();
  }
  throw new Error(`The cleanup of ${count} pairs did not end within two minutes.`);
}

/** Whether a list grows no worse than n log n between its smallest and its largest size, with a floor against noise. */
function growsWell({ points }: Series): boolean {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return false;
  const cost = (n: number) => n * Math.log(n);
  return last.ms <= Math.max(first.ms, 1) * (cost(last.size) / cost(first.size));
}

/** The console's lists beside more and more goals, and the cleanup of larger and larger sessions. */
export const growth: StackBenchmark = {
  name: "growth",
  of: "stack",
  about:
    "The console's lists, whole answers of 50 or 100 goals, with 1,000 to 200,000 goals; `cleanup_expired_exclusive_goal_pairs` of sessions with 10 to 1,000 pairs, from its run's beginning to its end.",
  settings: { RATE_LIMIT_DECLINE: "1000000" },
  async run(bench) {
    const cleaned: { size: number; ms: number }[] = [];
    const figures: Figure[] = [];
    const measured = await lists(bench);
    for (const count of pairs) {
      const samples: number[] = [];
      for (let n = 0; n < (count > 100 ? 1 : 3); n++) samples.push(await cleanup(bench, count));
      figures.push(figureOf(`cleanup, ${count} pairs`, samples));
      cleaned.push({ size: count, ms: quantile(samples, 0.5) });
      bench.log(`cleanup of ${count} pairs: ${Math.round(quantile(samples, 0.5))} ms`);
    }
    const plots = {
      "growth-lists.svg": plotOf("Time of a list against the number of goals", "goals", measured.series),
      "growth-cleanup.svg": plotOf("Time of a cleanup against the pairs of its session", "pairs", [
        { name: "cleanup", points: cleaned },
      ]),
    };
    for (const [file, svg] of Object.entries(plots)) await writeFile(join(import.meta.dirname, file), svg);
    const bad = measured.series.filter((series) => !growsWell(series)).map(({ name }) => name);
    return {
      figures: [...measured.figures, ...figures],
      notes: [
        "![Time of a list against the number of goals](growth-lists.svg) ![Time of a cleanup against the pairs of its session](growth-cleanup.svg)",
        bad.length === 0 ? "No list grows worse than n log n." : `**Worse than n log n: ${bad.join(", ")}.**`,
        "The overview is read as by the first who asks; whoever asks within the next seconds is given the same answer. The cleanup's cost is in [docs/performance.md](../docs/performance.md).",
      ],
    };
  },
};
