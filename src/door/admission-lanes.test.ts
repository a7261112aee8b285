import { afterEach, describe, expect, test } from "vitest";
import { areServed, closeDoors, long, openDoor, short, signed, untilWaiting } from "#src/testing/door.ts";

afterEach(closeDoors);

describe("lanes", () => {
  test("a flood of readers keeps no decline out", async () => {
    const { get, decline, asked, goOn, until } = await openDoor(long);
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
    const { get, goOn, until } = await openDoor(short);
    const pages = [get("/studio"), get("/studio")];
    await until(2);
    const rest = Array.from({ length: 50 }, (_, n) => get(`/_next/static/chunks/${n}.js`));
    await untilWaiting(48, "assets");
    goOn();
    const answers = await Promise.all([...pages, ...rest].map(({ answer }) => answer));
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  });

  test("a flood of people keeps neither Inngest nor what watches over the app out", async () => {
    const { get, asked, goOn, until } = await openDoor(long);
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
    const { get, goOn, until } = await openDoor(short);
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
    const production = await openDoor(long);
    const taken = [production.get("/"), production.get("/")];
    await production.until(2);
    const stranger = production.get("/api/inngest");
    await untilWaiting(1);
    production.goOn();
    expect(await areServed([...taken, stranger])).toBe(true);

    const dev = await openDoor(long, { INNGEST_DEV: "1" });
    const people = [dev.get("/"), dev.get("/")];
    await dev.until(2);
    const call = dev.get("/api/inngest");
    await dev.until(3);
    dev.goOn();
    expect(await areServed([...people, call])).toBe(true);
  });
});
