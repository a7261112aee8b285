import { decodeDocument } from "../bson/codec.ts";
import type { Doc, Value } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import { crc32c } from "./crc32c.ts";
import { FrameError } from "./frames.ts";

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
/** A header, the flags, one section's kind and the shortest document. */
const SHORTEST = 26;
/** Flags 0 to 15 must be understood; of them only the two above exist. */
const UNKNOWN_REQUIRED_FLAGS = 0xfffc;

/** A request as it came in. */
export interface Request {
  readonly requestId: number;
  /** The command; or, where the frame is whole but a document in it is not, the error to answer. */
  readonly command: Doc | MongoError;
  /** Whether it came as the OP_QUERY of old, which only `hello` may still use. */
  readonly legacy: boolean;
  /** Whether the client expects no answer (an unacknowledged write). */
  readonly silent: boolean;
}

/** Reads a message. Throws FrameError where it breaks the protocol. */
export function parseMessage(frame: Buffer): Request {
  const requestId = frame.readInt32LE(4);
  const opCode = frame.readInt32LE(12);
  const legacy = opCode === OP_QUERY;
  if (opCode !== OP_MSG && !legacy) throw new FrameError(`operation code ${opCode} is not supported`);
  if (frame.length < SHORTEST) throw new FrameError("a message without a body");
  const silent = !legacy && (frame.readUInt32LE(16) & MORE_TO_COME) !== 0;
  try {
    return { requestId, legacy, silent, command: legacy ? parseOpQuery(frame) : parseOpMsg(frame) };
  } catch (error) {
    if (!(error instanceof MongoError)) throw error;
    return { requestId, legacy, silent, command: error };
  }
}

function parseOpMsg(frame: Buffer): Doc {
  const flags = frame.readUInt32LE(16);
  if ((flags & UNKNOWN_REQUIRED_FLAGS) !== 0) throw new FrameError(`unknown flags 0x${flags.toString(16)}`);
  const end = (flags & CHECKSUM_PRESENT) === 0 ? frame.length : frame.length - 4;
  if (end !== frame.length && frame.readUInt32LE(end) !== crc32c(frame.subarray(0, end))) {
    throw new FrameError("the checksum does not match");
  }
  let command: Doc | undefined;
  const sequences = new Map<string, Value[]>();
  for (let at = 20; at < end;) {
    const kind = frame[at++];
    if (kind === 0) {
      if (command !== undefined) throw new FrameError("more than one body section");
      const bytes = sized(frame, at, end);
      command = decodeDocument(bytes);
      at += bytes.length;
    } else if (kind === 1) {
      const section = sized(frame, at, end);
      const [name, documents] = parseSequence(section);
      if (sequences.has(name)) throw new FrameError(`more than one sequence '${name}'`);
      sequences.set(name, documents);
      at += section.length;
    } else {
      throw new FrameError(`unknown section kind ${kind}`);
    }
  }
  if (command === undefined) throw new FrameError("no body section");
  for (const [name, documents] of sequences) {
    if (command.has(name)) throw new FrameError(`'${name}' is both in the body and a sequence`);
    command.set(name, documents);
  }
  return command;
}

function parseSequence(section: Buffer): [name: string, documents: Doc[]] {
  const nameEnd = section.indexOf(0, 4);
  if (nameEnd < 0) throw new FrameError("a sequence without a name");
  const documents: Doc[] = [];
  for (let at = nameEnd + 1; at < section.length;) {
    const bytes = sized(section, at, section.length);
    documents.push(decodeDocument(bytes));
    at += bytes.length;
  }
  return [section.toString("utf8", 4, nameEnd), documents];
}

/** The part of `buffer` that begins at `at` with its own length. */
function sized(buffer: Buffer, at: number, end: number): Buffer {
  const length = at + 4 <= end ? buffer.readInt32LE(at) : -1;
  if (length < 5 || at + length > end)
    throw new FrameError(`a section of ${length} bytes does not fit its message`);
  return buffer.subarray(at, at + length);
}

function parseOpQuery(frame: Buffer): Doc {
  const nameEnd = frame.indexOf(0, 20);
  if (nameEnd < 0) throw new FrameError("a query without a collection");
  const command = decodeDocument(sized(frame, nameEnd + 9, frame.length));
  if (!command.has("$db")) command.set("$db", frame.toString("utf8", 20, nameEnd).split(".", 1)[0] ?? "");
  return command;
}

let lastRequestId = 0;

/** Wraps an encoded reply as the answer to `request`, in the request's own form. */
export function buildReply(request: Request, body: Uint8Array): Buffer {
  const headLength = request.legacy ? 36 : 21;
  const message = Buffer.alloc(headLength + body.length);
  lastRequestId = (lastRequestId + 1) & 0x7fffffff;
  message.writeInt32LE(message.length, 0);
  message.writeInt32LE(lastRequestId, 4);
  message.writeInt32LE(request.requestId, 8);
  message.writeInt32LE(request.legacy ? OP_REPLY : OP_MSG, 12);
  if (request.legacy) message.writeInt32LE(1, 32);
  message.set(body, headLength);
  return message;
}
