import { connect, createServer, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { deserialize, type Document } from "bson";
import { openTapPort, type TapPort } from "./tap-port.ts";

/** A command on its way to MongoDB, with the documents that travel beside its body put back into it. */
type Command = Document;

/** Something on the wire that a test holds back. */
interface Held {
  readonly command: Command;
  /** Lets it pass. A test that kills the process at its other end never does. */
  release(): void;
  /** Loses it: the connection on which it was breaks. */
  lose(): void;
}

/** A proxy in front of MongoDB, in which a test can stop a command, or its answer, at exactly that point. */
export interface MongoTap extends TapPort {
  /** Holds back the next command that matches: MongoDB never sees it. */
  holdCommand(matches: (command: Command) => boolean): Promise<Held>;
  /** Holds back the answer to the next command that matches: its write is applied, and the asker never learns of it. */
  holdReply(matches: (command: Command) => boolean): Promise<Held>;
  /** Holds nothing back any more that has not been held back yet. */
  disarm(): void;
  /** From now on everything takes so many milliseconds longer, in either direction; 0 for no longer. */
  slow(delay_ms: number): void;
  close(): Promise<void>;
}

interface Trap {
  readonly where: "command" | "reply";
  readonly matches: (command: Command) => boolean;
  readonly sprung: (held: Held) => void;
}

const opMsg = 2013;
const header_bytes = 16;

/** The command in an OP_MSG frame: body, and the document sequences that insert and update send beside it. */
function commandIn(frame: Buffer): Command | undefined {
  if (frame.readInt32LE(12) !== opMsg) return undefined;
  const hasChecksum = (frame.readUInt32LE(header_bytes) & 1) === 1;
  const end = frame.length - (hasChecksum ? 4 : 0);
  const command: Command = {};
  let at = header_bytes + 4;
  while (at < end) {
    const kind = frame.readUInt8(at++);
    const size = frame.readInt32LE(at);
    if (kind === 0) Object.assign(command, deserialize(frame.subarray(at, at + size)));
    else {
      const nameEnd = frame.indexOf(0, at + 4);
      const documents: Document[] = [];
      for (let next = nameEnd + 1; next < at + size; next += frame.readInt32LE(next))
        documents.push(deserialize(frame.subarray(next, next + frame.readInt32LE(next))));
      command[frame.toString("utf8", at + 4, nameEnd)] = documents;
    }
    at += size;
  }
  return command;
}

/** Cuts a stream of bytes into frames, each of which begins with its length. */
function frameReader(onFrame: (frame: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= rest.readInt32LE(0)) {
      const size = rest.readInt32LE(0);
      onFrame(rest.subarray(0, size));
      rest = rest.subarray(size);
    }
  };
}

/** Starts the proxy on a free port, or on `port`, in front of MongoDB on the same machine. */
export async function startMongoTap(target: { host: string; port: number }, port = 0): Promise<MongoTap> {
  const traps = new Set<Trap>();
  let delay_ms = 0;
  const trapFor = (where: Trap["where"], command: Command | undefined) =>
    command && [...traps].find((trap) => trap.where === where && trap.matches(command));

  const server = createServer((client) => {
    const upstream = connect(target);
    const asked = new Map<number, Command>();
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        client.destroy();
        upstream.destroy();
      });
    }
    // What is slow keeps its order, in each direction.
    const behind = { command: Promise.resolve(), reply: Promise.resolve() };
    const forward = (where: Trap["where"], frame: Buffer, to: Socket) => {
      const late = delay_ms;
      behind[where] = behind[where].then(async () => {
        if (late > 0) await wait(late);
        to.write(frame);
      });
    };
    const pass = (where: Trap["where"], frame: Buffer, command: Command | undefined, to: Socket) => {
      const trap = trapFor(where, command);
      if (trap === undefined || command === undefined) return forward(where, frame, to);
      traps.delete(trap);
      let isHeld = true;
      // Once: a client takes a second reply for the one to what it asks next.
      const release = () => {
        if (isHeld) to.write(frame);
        isHeld = false;
      };
      trap.sprung({ command, release, lose: () => void client.destroy() });
    };
    client.on(
      "data",
      frameReader((frame) => {
        const command = commandIn(frame);
        if (command) asked.set(frame.readInt32LE(4), command);
        pass("command", frame, command, upstream);
      }),
    );
    upstream.on(
      "data",
      frameReader((frame) => {
        const responseTo = frame.readInt32LE(8);
        const command = asked.get(responseTo);
        asked.delete(responseTo);
        pass("reply", frame, command, client);
      }),
    );
  });
  const tapPort = await openTapPort(server, port);

  const hold = (where: Trap["where"], matches: Trap["matches"]) =>
    new Promise<Held>((sprung) => {
      traps.add({ where, matches, sprung });
    });
  return {
    ...tapPort,
    holdCommand: (matches) => hold("command", matches),
    holdReply: (matches) => hold("reply", matches),
    disarm: () => traps.clear(),
    slow: (by_ms) => void (delay_ms = by_ms),
    close: () => tapPort.cut(),
  };
}
