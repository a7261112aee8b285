import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { environment } from "#src/config/env.ts";
import { processPid } from "#src/launcher/processes.ts";
import { signIn } from "./support/accounts.ts";
import { fuzzRequest } from "./support/fuzz-frames.ts";
import type { FuzzCallers, FuzzRequest } from "./support/fuzz-requests.ts";
import { ownStack, type OwnStack } from "./support/own-stack.ts";
import { withDatabase } from "./support/stack.ts";
import { expect, test } from "./support/test.ts";

/**
 * `FUZZ_REQUESTS=10000 npm run e2e -- fuzz` sends that many; `FUZZ_SEED` replays those of a seed, and `FUZZ_ONLY` one of
 * them, by its number.
 */
const env = environment();
const requests = Number(env["FUZZ_REQUESTS"] ?? 1_000);
const seed = Number(env["FUZZ_SEED"] ?? Date.now() % 1_000_000);
const only = env["FUZZ_ONLY"] === undefined ? undefined : Number(env["FUZZ_ONLY"]);
const atOnce = 8;
const longest_ms = 5_000;

/** What the standard itself has for what was asked: a method that there is not. */
const honest = new Set([501, 505]);

interface Outcome {
  readonly status: number | "closed" | "hung" | "unfinished";
  readonly took_ms: number;
  readonly answer: string;
}

/** Sends one and waits for the end of its answer. */
async function send(port: number, { pieces, unfinished }: FuzzRequest): Promise<Outcome> {
  const began = performance.now();
  const socket = connect(port, "127.0.0.1");
  const received: Buffer[] = [];
  socket.on("data", (data: Buffer) => received.push(data)).on("error", () => undefined);
  const ended = new Promise((resolve) => void socket.once("close", resolve));
  for (const piece of pieces) {
    if (socket.destroyed) break;
    socket.write(piece);
    if (pieces.length > 1) await new Promise(setImmediate);
  }
  if (unfinished) {
    await Promise.race([wait(50), ended]);
    socket.destroy();
    return { status: "unfinished", took_ms: 0, answer: "" };
  }
  const timer = new AbortController();
  const hung = await Promise.race([
    ended.then(() => false),
    wait(longest_ms, true, { signal: timer.signal }).catch(() => false),
  ]);
  timer.abort();
  socket.destroy();
  const answer = Buffer.concat(received).toString("latin1");
  // After "100 Continue" comes the answer proper.
  const status = /^(?:HTTP\/1\.1 100 [^\r]*\r\n\r\n)?HTTP\/1\.1 (\d{3})/.exec(answer)?.[1];
  const took_ms = performance.now() - began;
  if (hung) return { status: "hung", took_ms, answer };
  return { status: status === undefined ? "closed" : Number(status), took_ms, answer };
}

const memoryOf_MB = (pid: number) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1_024;

async function callersOf({ description }: OwnStack): Promise<FuzzCallers> {
  const people = ["ada", "vic", "mod", "root"];
  const tokens = await Promise.all(people.map((name) => signIn(description.app, `${name}@example.com`)));
  const ids = await withDatabase(description.database, async (db) =>
    (
      await Promise.all(
        ["user", "sessions", "goals"].map((name) => db.collection(name).find().limit(4).toArray()),
      )
    )
      .flat()
      .map(({ _id }) => String(_id)),
  );
  const plain = tokens.map((token) => token.replace("Bearer ", ""));
  return { tokens: plain, cookies: plain.map((token) => `better-auth.session_token=${token}`), ids };
}

test.describe("whatever is sent", () => {
  test.setTimeout(60_000 + requests * 250);
  let stack: OwnStack;
  test.beforeAll(async () => {
    test.setTimeout(180_000);
    const limit = "1000000";
    stack = await ownStack({
      settings: {
        RATE_LIMIT_DECLINE: limit,
        RATE_LIMIT_SIGN_IN: limit,
        RATE_LIMIT_BY_HAND: limit,
        LOG_LEVEL: "silent",
        // What is not let go of would end the app, and a process that was begun anew is noticed.
        NODE_OPTIONS: "--max-old-space-size=384",
      },
    });
  });
  test.afterAll(() => stack?.close());

  // The seed is not in the name: each worker reads this file anew, and would look for another test.
  test(`nothing fails, nothing hangs, and the app lives on (${requests} malformed requests)`, async () => {
    const { app } = stack.description;
    const port = Number(new URL(app).port);
    const callers = await callersOf(stack);
    const pid = () => processPid(stack.env["DATA_DIR"] ?? "", "app");
    const before = { pid: pid(), memory_MB: memoryOf_MB(pid() ?? 0) };
    const statuses = new Map<string, number>();
    const wrong: string[] = [];
    let slowest_ms = 0;
    let next = 0;
    const work = async () => {
      while (next < requests) {
        const index = only ?? next;
        next = only === undefined ? next + 1 : requests;
        const request = fuzzRequest(seed, index, callers);
        const { status, took_ms, answer } = await send(port, request);
        statuses.set(String(status), (statuses.get(String(status)) ?? 0) + 1);
        slowest_ms = Math.max(slowest_ms, took_ms);
        if (status === "hung" || (typeof status === "number" && status >= 500 && !honest.has(status)))
          wrong.push(
            `FUZZ_ONLY=${index} ${request.kind}: ${status}\n${Buffer.concat(request.pieces).toString("latin1").slice(0, 700)}\n=> ${answer.slice(-500)}`,
          );
        else if (/node_modules|\.ts:\d+|at async /.test(answer) && !answer.includes("text/html"))
          wrong.push(`FUZZ_ONLY=${index} ${request.kind}: a stack in the answer\n${answer.slice(0, 500)}`);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));

    const answered = await fetch(`${app}/readyz`, { signal: AbortSignal.timeout(longest_ms) });
    const after = { pid: pid(), memory_MB: memoryOf_MB(pid() ?? 0) };
    const found = {
      seed,
      requests,
      statuses: Object.fromEntries([...statuses].toSorted(([a], [b]) => a.localeCompare(b))),
      slowest_ms,
      before,
      after,
    };
    test.info().annotations.push({ type: "fuzz", description: JSON.stringify(found) });
    process.stdout.write(`  ${JSON.stringify(found)}\n`);
    expect(wrong.slice(0, 10).join("\n\n"), `FUZZ_SEED=${seed}`).toBe("");
    expect(answered.status).toBe(200);
    expect(after.pid).toBe(before.pid);
    expect(after.memory_MB).toBeLessThan(1_000);
    await signIn(app, "ada@example.com");
  });
});
