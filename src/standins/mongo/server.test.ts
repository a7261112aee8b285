import { connect } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deserialize, serialize } from "bson";
import { MongoClient, MongoServerError, ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startMongo } from "./server.ts";
import { type TestServer, startTestServer } from "./test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** The error that a promise rejects with. */
async function refusal(promise: Promise<unknown>): Promise<MongoServerError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof MongoServerError) return error;
  throw new Error(`not refused by the server: ${String(error)}`);
}

/** Sends bytes on a connection of their own and waits until the server ends it. */
function sendBytes(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, "127.0.0.1", () => socket.write(bytes));
    socket.once("close", () => resolve());
    socket.once("error", reject);
    socket.resume();
  });
}

describe("to the driver, the server", () => {
  test("is a standalone MongoDB 7 with sessions", async () => {
    const hello = await server.db.command({ hello: 1 });
    expect(hello).toMatchObject({
      isWritablePrimary: true,
      maxWireVersion: 21,
      logicalSessionTimeoutMinutes: 30,
    });
    expect(hello["setName"]).toBeUndefined();
    expect(await server.db.admin().buildInfo()).toMatchObject({ version: "7.0.14" });
    expect(await server.db.admin().ping()).toMatchObject({ ok: 1 });
  });

  test("works with the options of a replica set's clients: majority, sessions, retryable writes", async () => {
    const options = { retryWrites: true, w: "majority", readConcernLevel: "majority" } as const;
    const client = new MongoClient(
      `mongodb://127.0.0.1:${server.port}/?readPreference=primaryPreferred`,
      options,
    );
    const session = client.startSession();
    const items = client.db("test").collection("options");
    await items.insertOne({ a: 1 }, { session });
    expect(await items.findOne({ a: 1 }, { session })).toMatchObject({ a: 1 });
    await session.endSession();
    await client.close();
  });

  test("takes an unacknowledged write", async () => {
    const items = server.db.collection("unacknowledged");
    await items.insertOne({ a: 1 }, { writeConcern: { w: 0 } });
    await expect.poll(() => items.countDocuments()).toBe(1);
  });
});

describe("the server refuses, with MongoDB's own error,", () => {
  test("a transaction", async () => {
    const session = server.client.startSession();
    session.startTransaction();
    const error = await refusal(server.db.collection("a").insertOne({ a: 1 }, { session }));
    // The driver words it in its own way, and keeps the server's words.
    expect(error).toMatchObject({
      originalError: { message: "Transaction numbers are only allowed on a replica set member or mongos" },
    });
    await session.endSession();
    expect(await server.db.collection("a").countDocuments()).toBe(0);
  });

  test("a command that it does not know", async () => {
    const error = await refusal(server.db.command({ mapReduce: "a" }));
    expect(error).toMatchObject({
      code: 59,
      codeName: "CommandNotFound",
      message: "no such command: 'mapReduce'",
    });
  });

  test("a field that a command does not have", async () => {
    const error = await refusal(server.db.command({ find: "a", filtre: {} }));
    expect(error).toMatchObject({ code: 40415, message: "BSON field 'find.filtre' is an unknown field." });
  });

  test("options that would change the answer", async () => {
    const items = server.db.collection("a");
    const collation = await refusal(items.find({}, { collation: { locale: "de" } }).toArray());
    expect(collation).toMatchObject({ code: 115, message: "'find.collation' is not supported" });
    expect(await refusal(items.find({}, { tailable: true }).toArray())).toMatchObject({ code: 115 });
    expect(await refusal(server.db.createCollection("capped", { capped: true, size: 1000 }))).toMatchObject({
      code: 115,
    });
    expect(await refusal(items.watch().next())).toMatchObject({ code: 40573 });
    expect(await refusal(items.insertOne({}, { writeConcern: { w: 3 } }))).toMatchObject({ code: 2 });
    expect(await refusal(server.db.command({ find: "a", readConcern: { level: "snapshot" } }))).toMatchObject(
      { code: 123 },
    );
  });

  test("names that MongoDB does not allow", async () => {
    expect(await refusal(server.db.command({ insert: "a$b", documents: [{}] }))).toMatchObject({ code: 73 });
    expect(await refusal(server.db.command({ find: "" }))).toMatchObject({ code: 73 });
    expect(await refusal(server.db.command({ find: 1 }))).toMatchObject({ code: 73 });
  });

  test("a command that takes longer than maxTimeMS", async () => {
    const items = server.db.collection("slow");
    await items.insertMany(Array.from({ length: 20_000 }, (_, a) => ({ a, text: "x".repeat(200) })));
    expect(await refusal(items.find({ b: 1 }, { maxTimeMS: 1 }).toArray())).toMatchObject({ code: 50 });
  });
});

describe("a message that breaks the protocol ends its own connection and nothing else:", () => {
  const header = (length: number, opCode: number): Buffer => {
    const bytes = Buffer.alloc(Math.min(Math.max(length, 16), 64));
    bytes.writeInt32LE(length, 0);
    bytes.writeInt32LE(opCode, 12);
    return bytes;
  };
  const badKind = header(30, 2013);
  badKind[20] = 7;
  const badFlags = header(30, 2013);
  badFlags[16] = 0x80;

  test.each([
    ["a length below the header's", header(3, 2013), "a message of 3 bytes"],
    ["a length above the limit", header(2_000_000_000, 2013), "a message of 2000000000 bytes"],
    ["an unknown operation", header(30, 2006), "operation code 2006 is not supported"],
    ["an unknown section", badKind.subarray(0, 30), "unknown section kind 7"],
    ["an unknown flag", badFlags.subarray(0, 30), "unknown flags 0x80"],
    ["no body", header(16, 2013).subarray(0, 16), "a message without a body"],
  ])("%s", async (_what, bytes, reason) => {
    await sendBytes(bytes);
    expect(server.lines.at(-1)).toContain(reason);
    expect(await server.db.command({ ping: 1 })).toMatchObject({ ok: 1 });
  });

  test("but a document that cannot be read is answered with an error", async () => {
    const body = Buffer.from(serialize({ ping: 1, $db: "admin", aa: 1, ab: 1 }));
    body[body.indexOf("ab") + 1] = "a".charCodeAt(0);
    const message = Buffer.concat([header(21 + body.length, 2013).subarray(0, 16), Buffer.alloc(5), body]);
    const reply = await new Promise<Buffer>((resolve, reject) => {
      const socket = connect(server.port, "127.0.0.1", () => socket.write(message));
      socket.once("data", (data: Buffer) => {
        socket.destroy();
        resolve(data);
      });
      socket.once("error", reject);
    });
    expect(deserialize(reply.subarray(21))).toMatchObject({ ok: 0, code: 22, codeName: "InvalidBSON" });
  });

  test("and a message that comes in pieces, or several in one piece, are all answered", async () => {
    const body = serialize({ ping: 1, $db: "admin" });
    const message = Buffer.concat([header(21 + body.length, 2013).subarray(0, 16), Buffer.alloc(5), body]);
    const replies = await new Promise<number>((resolve, reject) => {
      let bytes = 0;
      const socket = connect(server.port, "127.0.0.1", () => {
        socket.setNoDelay(true);
        socket.write(message.subarray(0, 3));
        setImmediate(() => socket.write(message.subarray(3, 30)));
        setTimeout(() => socket.write(Buffer.concat([message.subarray(30), message, message])), 5);
      });
      socket.on("data", (data: Buffer) => {
        bytes += data.length;
        // Each answer is a header, flags, a kind and {ok: 1.0}.
        if (bytes < 3 * (21 + 17)) return;
        socket.destroy();
        resolve(bytes / (21 + 17));
      });
      socket.once("error", reject);
    });
    expect(replies).toBe(3);
  });
});

describe("what has been stored", () => {
  test("is there after the server was closed and started again, also by another port", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "mongo-again-"));
    const options = { host: "127.0.0.1", port: 0, dataDir, log: () => {} };
    const _id = new ObjectId();
    for (const round of [1, 2, 3]) {
      const again = await startMongo(options);
      const client = new MongoClient(`mongodb://127.0.0.1:${again.port}`);
      const items = client.db("kept").collection<{ _id: ObjectId; round: number }>("items");
      if (round === 1) await items.createIndex({ round: 1 }, { unique: true });
      await items.updateOne({ _id }, { $inc: { round: 1 } }, { upsert: true });
      expect(await items.findOne({ round })).toEqual({ _id, round });
      expect((await items.indexes()).map((index) => index.name)).toEqual(["_id_", "round_1"]);
      await client.close();
      await again.close();
      await again.close();
    }
    rmSync(dataDir, { recursive: true });
  });

  test("belongs to one process at a time", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "mongo-lock-"));
    const options = { host: "127.0.0.1", port: 0, dataDir, log: () => {} };
    const first = await startMongo(options);
    await expect(startMongo(options)).rejects.toThrow("another process");
    await first.close();
    rmSync(dataDir, { recursive: true });
  });
});
