import { afterEach, expect, test, vi } from "vitest";
import { doorCounts } from "#src/contract/door.ts";
import {
  areServed,
  closeDoors,
  headers,
  long,
  openDoor,
  patient,
  refusedSoFar,
  signed,
  short,
  untilWaiting,
} from "#src/testing/door.ts";

afterEach(closeDoors);

test("whoever comes when all places are taken and all who may wait do is refused at once, with when to come back", async () => {
  const { get, goOn, until } = await openDoor(long);
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

test("a browser that opens a page is told so in words, and comes back by itself", async () => {
  const { get, goOn, until } = await openDoor(short);
  const taken = [get("/1"), get("/2")];
  await until(2);
  const { status, headers: told, body } = await get("/studio", { "sec-fetch-dest": "document" }).answer;
  expect(status).toBe(503);
  expect(told["content-type"]).toBe("text/html; charset=utf-8");
  expect(told["refresh"]).toBe(told["retry-after"]);
  expect(body).toContain("tries again by itself");
  for (const name of Object.keys(headers.plain)) expect(told).toHaveProperty(name);
  goOn();
  expect(await areServed(taken)).toBe(true);
});

test("whoever waits is served in the order of coming", async () => {
  const { get, asked, goOn, until } = await openDoor(long);
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
  const { get, asked, goOn, until } = await openDoor(short);
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
  const { get, goOn, until } = await openDoor(short);
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
  const { get, asked, goOn, until } = await openDoor({ ...long, slow_ms: 1 }, { MAX_IN_FLIGHT: 8 });
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

test("Inngest's calls are fewer at once while our own process is late", async () => {
  const { get, asked, goOn, until } = await openDoor(
    { ...long, late_ms: -60_000 },
    { MAX_INNGEST_IN_FLIGHT: 8 },
  );
  const calls = Array.from({ length: 8 }, () => get("/api/inngest", signed));
  await until(8);
  const waiting = Array.from({ length: 8 }, () => get("/api/inngest", signed));
  await untilWaiting(8, "inngest");
  await vi.waitFor(() => {
    for (const one of asked.splice(0, 1)) one.finish();
    expect(doorCounts().inFlight.inngest).toBe(2);
  }, patient);
  goOn();
  expect(await areServed([...calls, ...waiting])).toBe(true);
});
