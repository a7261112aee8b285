import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { choosePorts } from "./ports.ts";

const host = "127.0.0.1";
let dataDir: string;
let occupier: Server | undefined;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "goalkeeper-ports-"));
});
afterEach(async () => {
  occupier?.close();
  occupier = undefined;
  await rm(dataDir, { recursive: true, force: true });
});

const occupy = (port: number) =>
  new Promise<void>((resolve) => {
    occupier = createServer().listen(port, host, resolve);
  });

test("ports once chosen are taken again", async () => {
  const first = await choosePorts(["mongodb", "inngest", "pusher"], { dataDir, host });
  expect(new Set(Object.values(first.ports)).size).toBe(3);
  expect(await choosePorts(["mongodb", "inngest", "pusher"], { dataDir, host })).toEqual(first);
});

test("ports are below those that outgoing connections get", async () => {
  const { ports } = await choosePorts(["mongodb"], { dataDir, host });
  expect(ports["mongodb"]).toBeLessThan(32_768);
});

test("a kept port that another program has taken is replaced, and that is said", async () => {
  const before = await choosePorts(["mongodb", "pusher"], { dataDir, host });
  await occupy(before.ports["pusher"] ?? 0);
  const after = await choosePorts(["mongodb", "pusher"], { dataDir, host });
  expect(after.ports["mongodb"]).toBe(before.ports["mongodb"]);
  expect(after.ports["pusher"]).not.toBe(before.ports["pusher"]);
  expect(after.notes).toEqual([expect.stringContaining(String(before.ports["pusher"]))]);
});

test("STANDINS_PORT_BASE is the first of three, whichever services are local", async () => {
  const { ports } = await choosePorts(["inngest", "pusher"], { dataDir, host, base: 23_400 });
  expect(ports).toEqual({ inngest: 23_401, pusher: 23_402 });
});

test("a port of STANDINS_PORT_BASE that is taken is an error, and no other is chosen", async () => {
  await occupy(23_410);
  await expect(choosePorts(["mongodb"], { dataDir, host, base: 23_410 })).rejects.toThrow("23410");
});
