import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { MongoClient, ObjectId } from "mongodb";
import { receiverIds } from "#src/contract/receivers.ts";
import { environment } from "#src/config/env.ts";
import { freePort } from "#src/launcher/ports.ts";
import { readStackFile, type StackDescription } from "#src/launcher/stack-file.ts";
import { startStackProcess } from "#src/testing/stack-process.ts";
import { fillLists, listed } from "./console.ts";
import { addInvitations } from "./invitations.ts";
import { type Figure, figureOf, tableOf } from "./figures.ts";

/**
 * `npm run bench`: the production build over local services of its own, measured next to a floor of the same run.
 * `--only NAME` takes one benchmark.
 */

interface Bench {
  readonly stack: StackDescription;
  readonly mongo: MongoClient;
  readonly authorization: string;
}

const rounds = 200;

/** Runs something one after the other, and gives how long each took, in milliseconds. */
async function time(count: number, run: (n: number) => Promise<unknown>): Promise<number[]> {
  const samples: number[] = [];
  for (let n = 0; n < count; n++) {
    const began = performance.now();
    await run(n);
    samples.push(performance.now() - began);
  }
  return samples;
}

async function get(url: string, authorization?: string): Promise<void> {
  const response = await fetch(url, { headers: authorization === undefined ? {} : { authorization } });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} was answered by ${response.status}.`);
}

async function decline({ stack, authorization }: Bench, goalId: string, expected: number): Promise<void> {
  const response = await fetch(`${stack.app}/goals/${goalId}`, {
    method: "DELETE",
    headers: { authorization, "content-type": "application/json" },
    body: '{"agree":false}',
  });
  const body = await response.text();
  if (response.status !== expected)
    throw new Error(`${expected} was expected, not ${response.status} ${body}`);
}

/** Waits until all eleven receivers of a goal have come to their end; gives when the last one did. */
async function settled({ mongo }: Bench, goalId: string): Promise<number> {
  const runs = mongo.db().collection("receiver_runs");
  const filter = { goal_id: new ObjectId(goalId), status: { $in: ["done", "returned"] } };
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await wait(10)) {
    const ended = await runs.find(filter).toArray();
    const times = ended.map((run) => (run["finished"] as Date).getTime());
    if (times.length === receiverIds.length) return Math.max(...times);
  }
  throw new Error(`The receivers of ${goalId} did not end within 30 s.`);
}

/** Every benchmark by its name. Each gives figures, of which the first is the floor of the others. */
const benchmarks: Record<string, (bench: Bench) => Promise<Figure[]>> = {
  async request(bench) {
    const goals = await addInvitations(bench.mongo.db(), rounds, "apart");
    await time(50, () => get(`${bench.stack.app}/healthz`));
    const floor = await time(rounds, () => get(`${bench.stack.app}/healthz`));
    const unknown = await time(rounds, () => decline(bench, "0".repeat(24), 404));
    const accepted = await time(rounds, (n) => decline(bench, goals[n] ?? "", 202));
    await settled(bench, goals.at(-1) ?? "");
    const repeated = await time(rounds, (n) => decline(bench, goals[n] ?? "", 200));
    return [
      figureOf("GET /healthz", floor),
      figureOf("DELETE, 404", unknown, "GET /healthz"),
      figureOf("DELETE, 202", accepted, "GET /healthz"),
      figureOf("DELETE, 200 again", repeated, "GET /healthz"),
    ];
  },
  async decline(bench) {
    const goals = await addInvitations(bench.mongo.db(), 40, "apart");
    const floor = await time(40, () => decline(bench, "0".repeat(24), 404));
    const samples: number[] = [];
    for (const goalId of goals) {
      const began = Date.now();
      await decline(bench, goalId, 202);
      samples.push((await settled(bench, goalId)) - began);
    }
    return [
      figureOf("one request", floor),
      figureOf("request to the last of eleven receivers", samples, "one request"),
    ];
  },
  async console({ stack, mongo }) {
    const authorization = await signIn(stack.app, "mod@example.com");
    const pages = await fillLists(mongo, stack.app);
    const figures = [figureOf("GET /healthz", await time(rounds, () => get(`${stack.app}/healthz`)))];
    for (const [name, url] of Object.entries(pages)) {
      await time(20, () => get(url, authorization));
      const samples = await time(rounds, () => get(url, authorization));
      figures.push(figureOf(`50 goals of ${listed}: ${name}`, samples, "GET /healthz"));
    }
    return figures;
  },
};

async function signIn(app: string, email = "ada@example.com"): Promise<string> {
  const response = await fetch(`${app}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password: "goalkeeper" }),
  });
  return `Bearer ${response.headers.get("set-auth-token")}`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: "string" } } });
  const names = Object.keys(benchmarks).filter((name) => values.only === undefined || name === values.only);
  if (names.length === 0) throw new Error(`--only takes one of ${Object.keys(benchmarks).join(", ")}.`);

  await using cleanup = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), "goalkeeper-bench-"));
  cleanup.defer(() => rm(dataDir, { recursive: true, force: true }));
  const settings = {
    ...environment(),
    DATA_DIR: dataDir,
    PORT: String(await freePort("127.0.0.1")),
    LOG_LEVEL: "warn",
    RATE_LIMIT_DECLINE: "1000000",
  };
  const running = await startStackProcess(settings, () =>
    Promise.resolve(readStackFile(dataDir) !== undefined),
  );
  cleanup.defer(() => running.stop());
  const stack = readStackFile(dataDir);
  if (stack === undefined) throw new Error("The stack does not describe itself.");
  const mongo = new MongoClient(stack.database);
  cleanup.defer(() => mongo.close());

  const bench: Bench = { stack, mongo, authorization: await signIn(stack.app) };
  const tables: string[] = [];
  for (const name of names) tables.push(`## ${name}\n\n${tableOf((await benchmarks[name]?.(bench)) ?? [])}`);
  const machine = `${cpus().length} cores of ${cpus()[0]?.model ?? "unknown make"}, Node ${process.version}`;
  const report = `# Measured\n\n${new Date().toISOString().slice(0, 10)}, ${machine}, production build, local services.\n\n${tables.join("\n\n")}\n`;
  console.log(`\n${report}`);
  if (values.only === undefined) await writeFile(join(import.meta.dirname, "results.md"), report);
}

await main();
