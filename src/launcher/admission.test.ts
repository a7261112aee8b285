import { once } from "node:events";
import { request, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test, vi } from "vitest";
import { doorCounts, type Lane } from "#src/contract/door.ts";
import { openAdmission, type Patience } from "./admission.ts";
import { answerHeaders } from "./answer-headers.ts";
import { startHttpServer, type HttpServer } from "./http-server.ts";

const open: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close(0)));
});

const headers = answerHeaders(
  {
    APP_URL: "http://localhost:3000",
    PUSHER_HOST: undefined,
    PUSHER_PORT: undefined,
    PUSHER_TLS: true,
    PUSHER_CLUSTER: "mt1",
  },
  { dev: false },
);
const long = { burst_ms: 60_000, flood_ms: 60_000, slow_ms: 60_000, abandoned_ms: 60_000 };
const short = { ...long, burst_ms: 1, flood_ms: 1 };

/** How long a test waits for what is to come: the machine may be busy with others. */
const patient = { timeout: 10_000, interval: 5 };

interface Asked {
  readonly path: string;
  readonly response: ServerResponse;
  /** Ends the work, and with it the answer, unless that has been ended. */
  finish(): void;
}

/** A server with two places for people and two for Inngest, whose answers wait until the test finishes them. */
async function door(patience: Patience, given: { INNGEST_DEV?: string; MAX_IN_FLIGHT?: number } = {}) {
  const asked: Asked[] = [];
  let isOpen = false;
  const http = await startHttpServer(["127.0.0.1"], 0, {
    isTrusted: () => false,
    headers,
    admission: openAdmission(
      { MAX_IN_FLIGHT: 2, MAX_INNGEST_IN_FLIGHT: 2, INNGEST_DEV: undefined, ...given },
      patience,
    ),
    handler: async (incoming, response) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      asked.push({ path: incoming.url ?? "", response, finish: resolve });
      if (!isOpen) await promise;
      if (!response.writableEnded) response.end("served");
    },
  });
  open.push(http);
  // Listening on a TCP port, the address is never a path.
  const { port } = http.server.address() as AddressInfo;
  return {
    asked,
    port,
    /** From here on everything is answered at once. */
    goOn: () => {
      isOpen = true;
      for (const one of asked) one.finish();
    },
    until: (count: number) => vi.waitFor(() => expect(asked).toHaveLength(count), patient),
    get: (path: string, more: Record<string, string> = {}) => get(port, path, more),
    decline: (goalId: string) => get(port, `/goals/${goalId}`, {}, "DELETE"),
  };
}

/** Begins a request; `answer` is its end, `leave` breaks it off. */
function get(port: number, path: string, more: Record<string, string>, method = "GET") {
  const outgoing = request({ host: "127.0.0.1", port, path, method, headers: more, agent: false }).end();
  const answer = (async () => {
    const [response] = (await once(outgoing, "response")) as [IncomingMessage];
    return { status: response.statusCode, headers: response.headers, body: await text(response) };
  })();
  answer.catch(() => undefined);
  return { answer, leave: () => void outgoing.destroy() };
}

const areServed = async (asked: readonly ReturnType<typeof get>[]) =>
  (await Promise.all(asked.map(({ answer }) => answer))).every(({ status }) => status === 200);

const signed = { "x-inngest-signature": "t=1&s=0" };
const untilWaiting = (count: number, lane: Lane = "pages") =>
  vi.waitFor(() => expect(doorCounts().waiting[lane]).toBe(count), patient);
const refusedSoFar = () => doorCounts().refused.full + doorCounts().refused.waited;

test("whoever comes when all places are taken and all who may wait do is refused at once, with when to come back", async () => {
  const { get, goOn, until } = await door(long);
  const before = { ...doorCounts().refused };
  const taken = [get("/goals/1"), get("/goals/2")];
  await until(2);
  const waiting = Array.from({ length: 4 }, (_, n) => get(`/goals/${3 + n}`));
  await untilWaiting(4);

  const refused = await get("/goals/7?a=b").answer;
  expect(refused.status).toBe(503);
  expect(refused.headers).toMatchObject({
    "content-type": "application/problem+json",
    "cache-control": "no-store",
    "retry-after": expect.stringMatching(/^[1-4]$/) as unknown,
  });
  for (const name of Object.keys(headers.plain)) expect(refused.headers).toHaveProperty(name);
  expect(JSON.parse(refused.body)).toEqual({
    type: "urn:goalkeeper:problem:unavailable",
    title: "Not confirmed; repeating is safe.",
    status: 503,
    code: "unavailable",
    instance: "/goals/7",
  });
  expect(doorCounts()).toMatchObject({ inFlight: { pages: 2 }, waiting: { pages: 4 } });
  expect(doorCounts().refused).toEqual({ ...before, full: before.full + 1 });

  goOn();
  const answers = await Promise.all([...taken, ...waiting].map(({ answer }) => answer));
  expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
  expect(doorCounts()).toMatchObject({ inFlight: { pages: 0 }, waiting: { pages: 0 } });
});

test("whoever waits is served in the order of coming", async () => {
  const { get, asked, goOn, until } = await door(long);
  const all = [get("/1"), get("/2")];
  await until(2);
  for (const path of ["/3", "/4", "/5"]) {
    all.push(get(path));
    await untilWaiting(all.length - 2);
  }
  asked[0]?.finish();
  await until(3);
  asked[1]?.finish();
  await until(4);
  goOn();
  expect(await areServed(all)).toBe(true);
  expect(asked.slice(2).map(({ path }) => path)).toEqual(["/3", "/4", "/5"]);
});

test("whoever has waited for long enough is refused, and is never served", async () => {
  const { get, asked, goOn, until } = await door(short);
  const before = doorCounts().refused.waited;
  const taken = [get("/1"), get("/2")];
  await until(2);
  expect(await get("/late").answer).toMatchObject({ status: 503 });
  expect(doorCounts().refused.waited).toBe(before + 1);
  goOn();
  expect(await areServed(taken)).toBe(true);
  expect(asked.map(({ path }) => path)).not.toContain("/late");
});

test("after a flood everything is served again", async () => {
  const { get, goOn, until } = await door(short);
  const before = refusedSoFar();
  const flood = Array.from({ length: 200 }, () => get("/"));
  await until(2);
  // All but the two that hold the places, whose work goes on.
  await vi.waitFor(() => expect(refusedSoFar() - before).toBe(198), patient);
  goOn();
  const first = await Promise.all(flood.map(({ answer }) => answer));
  expect(first.filter(({ status }) => status === 200)).toHaveLength(2);
  for (let n = 0; n < 20; n++) expect(await get("/").answer).toMatchObject({ status: 200 });
  expect(doorCounts()).toMatchObject({ inFlight: { pages: 0 }, waiting: { pages: 0 } });
});

test("fewer are worked on at once while answers are slow, and as many as ever when they are not", async () => {
  const { get, asked, goOn, until } = await door({ ...long, slow_ms: 1 }, { MAX_IN_FLIGHT: 8 });
  const slow = Array.from({ length: 8 }, () => get("/"));
  await until(8);
  // All are slow by now, and the pace falls to its least.
  const waiting = Array.from({ length: 8 }, () => get("/"));
  await untilWaiting(8);
  await vi.waitFor(() => {
    for (const one of asked.splice(0, 1)) one.finish();
    expect(doorCounts().inFlight.pages).toBe(2);
  }, patient);
  goOn();
  expect(await areServed([...slow, ...waiting])).toBe(true);
});

describe("lanes", () => {
  test("a flood of readers keeps no decline out", async () => {
    const { get, decline, asked, goOn, until } = await door(long);
    const readers = Array.from({ length: 6 }, () => get("/studio"));
    await until(2);
    await untilWaiting(4);
    const declined = decline("1");
    await until(3);
    expect(asked.at(-1)?.path).toBe("/goals/1");
    goOn();
    expect(await areServed([...readers, declined])).toBe(true);
  });

  test("a page that was let in gets the rest of itself, however many want to be", async () => {
    const { get, goOn, until } = await door(short);
    const pages = [get("/studio"), get("/studio")];
    await until(2);
    const rest = Array.from({ length: 50 }, (_, n) => get(`/_next/static/chunks/${n}.js`));
    await untilWaiting(48, "assets");
    goOn();
    const answers = await Promise.all([...pages, ...rest].map(({ answer }) => answer));
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  });

  test("a flood of people keeps neither Inngest nor what watches over the app out", async () => {
    const { get, asked, goOn, until } = await door(long);
    const people = Array.from({ length: 6 }, () => get("/"));
    await until(2);
    await untilWaiting(4);
    const others = [
      get("/api/inngest?fnId=a", signed),
      ...["/healthz", "/readyz", "/metrics"].map((path) => get(path)),
    ];
    await until(6);
    expect(asked.slice(2).map(({ path }) => path)).toEqual([
      "/api/inngest?fnId=a",
      "/healthz",
      "/readyz",
      "/metrics",
    ]);
    goOn();
    expect(await areServed([...people, ...others])).toBe(true);
  });

  test("what Inngest has to do keeps no person out, and waits without being refused", async () => {
    const { get, goOn, until } = await door(short);
    const calls = Array.from({ length: 100 }, () => get("/api/inngest", signed));
    await until(2);
    await untilWaiting(98, "inngest");
    const person = get("/goals/1");
    await until(3);
    goOn();
    expect(await person.answer).toMatchObject({ status: 200 });
    const answers = await Promise.all(calls.map(({ answer }) => answer));
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  });

  test("a call that nobody has signed is some stranger's, unless Inngest is a dev server", async () => {
    const production = await door(long);
    const taken = [production.get("/"), production.get("/")];
    await production.until(2);
    const stranger = production.get("/api/inngest");
    await untilWaiting(1);
    production.goOn();
    expect(await areServed([...taken, stranger])).toBe(true);

    const dev = await door(long, { INNGEST_DEV: "1" });
    const people = [dev.get("/"), dev.get("/")];
    await dev.until(2);
    const call = dev.get("/api/inngest");
    await dev.until(3);
    dev.goOn();
    expect(await areServed([...people, call])).toBe(true);
  });
});

describe("a client that goes away", () => {
  test("is no longer waited for, and never served", async () => {
    const { get, asked, goOn, until } = await door(long);
    const taken = [get("/1"), get("/2")];
    await until(2);
    const gone = get("/gone");
    await untilWaiting(1);
    gone.leave();
    await untilWaiting(0);
    goOn();
    expect(await areServed(taken)).toBe(true);
    expect(asked.map(({ path }) => path)).toEqual(["/1", "/2"]);
  });

  test("leaves its place when its work ends", async () => {
    const { get, asked, goOn, until } = await door(long);
    const gone = [get("/1"), get("/2")];
    await until(2);
    for (const one of gone) one.leave();
    const next = get("/next");
    await untilWaiting(1);
    asked[0]?.finish();
    await until(3);
    goOn();
    expect(await next.answer).toMatchObject({ status: 200 });
  });

  test("leaves its place after a while, should its work never end", async () => {
    const { get, goOn, until } = await door({ ...long, abandoned_ms: 1 });
    const gone = [get("/1"), get("/2")];
    await until(2);
    for (const one of gone) one.leave();
    const next = [get("/3"), get("/4")];
    await until(4);
    goOn();
    expect(await areServed(next)).toBe(true);
  });
});

describe("a client that we wait for holds no place", () => {
  test("while its request arrives", async () => {
    const { get, port, goOn, until } = await door(long);
    const slow = Array.from({ length: 20 }, () => connect(port, "127.0.0.1"));
    for (const socket of slow) {
      socket.on("error", () => undefined);
      socket.write("DELETE /goals/1 HTTP/1.1\r\nhost: a\r\ncontent-length: 15\r\n\r\n{");
    }
    await until(20);
    const quick = [get("/1"), get("/2")];
    await until(22);
    goOn();
    expect(await areServed(quick)).toBe(true);
    for (const socket of slow) socket.destroy();
  });

  test("while it does not take its answer", async () => {
    const { get, asked, port, goOn, until } = await door(long);
    const slow = [connect(port, "127.0.0.1"), connect(port, "127.0.0.1")];
    for (const socket of slow) {
      socket.on("error", () => undefined).pause();
      socket.write("GET /large HTTP/1.1\r\nhost: a\r\n\r\n");
    }
    await until(2);
    for (const { response } of asked) response.write(Buffer.alloc(32 * 1_024 * 1_024));
    const quick = [get("/1"), get("/2")];
    await until(4);
    goOn();
    expect(await areServed(quick)).toBe(true);
    for (const socket of slow) socket.destroy();
  });
});
