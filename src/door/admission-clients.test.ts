import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { areServed, closeDoors, long, openDoor, untilWaiting } from "#src/testing/door.ts";

afterEach(closeDoors);

describe("a client that goes away", () => {
  test("is no longer waited for, and never served", async () => {
    const { get, asked, goOn, until } = await openDoor(long);
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
    const { get, asked, goOn, until } = await openDoor(long);
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
    const { get, goOn, until } = await openDoor({ ...long, abandoned_ms: 1 });
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
    const { get, port, goOn, until } = await openDoor(long);
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
    const { get, asked, port, goOn, until } = await openDoor(long);
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
