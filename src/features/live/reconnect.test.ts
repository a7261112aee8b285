import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keepTrying } from "./reconnect.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A server that can be away, and a client of it that connects at once when it is not. */
function world() {
  let stateChanged = () => {};
  const server = { answers: true, takes: true };
  const counts = { probes: 0, attempts: 0 };
  const turn = (state: string) => {
    connection.state = state;
    stateChanged();
  };
  const connection = {
    state: "connected",
    bind: (_event: "state_change", listener: () => void) => void (stateChanged = listener),
  };
  keepTrying({
    connection,
    disconnect: () => turn("disconnected"),
    connect: () => {
      counts.attempts += 1;
      turn("connecting");
      if (server.takes) turn("connected");
    },
    probe: () => {
      counts.probes += 1;
      return Promise.resolve(server.answers);
    },
  });
  return { server, counts, turn, connection };
}

test("a connection that stands is left alone", async () => {
  const { counts } = world();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(counts).toEqual({ probes: 0, attempts: 0 });
});

test("within 1.2 s of the server's return the connection is tried, and no web socket was wasted before", async () => {
  const { server, counts, turn, connection } = world();
  Object.assign(server, { answers: false });
  turn("connecting");
  await vi.advanceTimersByTimeAsync(60_000);
  turn("unavailable");
  expect(counts.attempts).toBe(0);
  expect(counts.probes).toBeGreaterThan(40);
  Object.assign(server, { answers: true });
  await vi.advanceTimersByTimeAsync(1_200);
  expect([connection.state, counts.attempts]).toEqual(["connected", 1]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(counts.attempts).toBe(1);
});

test("a server that answers and takes nobody is tried less and less often", async () => {
  const { server, counts, turn } = world();
  Object.assign(server, { takes: false });
  turn("disconnected");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(counts.attempts).toBeGreaterThan(3);
  expect(counts.attempts).toBeLessThan(8);
});

test("after minutes it asks less often, and goes on asking", async () => {
  const { server, counts, turn } = world();
  Object.assign(server, { answers: false });
  turn("unavailable");
  await vi.advanceTimersByTimeAsync(600_000);
  const before = counts.probes;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(counts.probes - before).toBeGreaterThan(9);
  expect(counts.probes - before).toBeLessThan(14);
});
