import { randomBytes } from "node:crypto";
import { Double, Long } from "bson";
import { encodeDocument } from "../bson/codec.ts";
import { MongoError } from "../error.ts";
import { MAX_DOCUMENT_BYTES } from "../store/collection.ts";
import type { TimeLimit } from "../store/time-limit.ts";
import { toDoc } from "../wire/plain.ts";

const FIRST_BATCH = 101;
const IDLE_MS = 10 * 60 * 1000;

/** The documents of a reply, and the cursor that has more of them. */
interface Cursor {
  readonly namespace: string;
  readonly session: string | undefined;
  readonly documents: Iterator<Uint8Array>;
  readonly keepsOpen: boolean;
  readonly timeLimit: TimeLimit | undefined;
  /** A document that did not fit into the last batch. */
  next: Uint8Array | undefined;
  lastUse: number;
}

/** How a cursor is opened. */
export interface CursorOptions {
  readonly namespace: string;
  readonly session: string | undefined;
  /** How many documents the first batch may have. */
  readonly batchSize?: number | undefined;
  /** Whether there is to be no second batch. */
  readonly singleBatch?: boolean | undefined;
  readonly timeLimit?: TimeLimit | undefined;
  /** Whether the cursor stays open however long nobody asks. */
  readonly keepsOpen?: boolean | undefined;
}

/** The open cursors. They live in memory and end with the process. */
export class Cursors {
  readonly #open = new Map<string, Cursor>();

  get count(): number {
    return this.#open.size;
  }

  /** Opens a cursor over encoded documents and gives the reply with the first batch. */
  open(documents: Iterable<Uint8Array>, options: CursorOptions): Uint8Array {
    const cursor: Cursor = {
      namespace: options.namespace,
      session: options.session,
      documents: documents[Symbol.iterator](),
      keepsOpen: options.keepsOpen ?? false,
      timeLimit: options.timeLimit,
      next: undefined,
      lastUse: Date.now(),
    };
    const { batch, done } = takeBatch(cursor, options.batchSize ?? FIRST_BATCH);
    cursor.timeLimit?.pause();
    const id = done || options.singleBatch === true ? Long.ZERO : this.#freshId();
    if (id.isZero()) cursor.documents.return?.();
    else this.#open.set(id.toString(), cursor);
    return encodeReply("firstBatch", batch, id, cursor.namespace);
  }

  /** The reply with a cursor's next batch. */
  more(id: Long, namespace: string, batchSize: number | undefined): Uint8Array {
    const key = id.toString();
    const cursor = this.#open.get(key);
    if (cursor === undefined) throw new MongoError(43, "CursorNotFound", `cursor id ${key} not found`);
    if (cursor.namespace !== namespace) {
      throw new MongoError(
        13,
        "Unauthorized",
        `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`,
      );
    }
    cursor.lastUse = Date.now();
    cursor.timeLimit?.resume();
    try {
      const { batch, done } = takeBatch(cursor, batchSize ?? Infinity);
      if (done) this.#open.delete(key);
      return encodeReply("nextBatch", batch, done ? Long.ZERO : id, namespace);
    } catch (error) {
      this.#open.delete(key);
      throw error;
    } finally {
      cursor.timeLimit?.pause();
    }
  }

  /** Ends a cursor. Gives whether it was open. */
  kill(id: Long): boolean {
    this.#open.get(id.toString())?.documents.return?.();
    return this.#open.delete(id.toString());
  }

  /** Ends the cursors of sessions that have ended. */
  endSessions(sessions: ReadonlySet<string>): void {
    this.#endWhere((cursor) => cursor.session !== undefined && sessions.has(cursor.session));
  }

  /** Ends the cursors of a collection that is dropped: of one, or of all whose namespace begins so. */
  endNamespace(isEnded: (namespace: string) => boolean): void {
    this.#endWhere((cursor) => isEnded(cursor.namespace));
  }

  /** Ends the cursors that nobody has asked for ten minutes. */
  endIdle(now: number): void {
    this.#endWhere((cursor) => !cursor.keepsOpen && now - cursor.lastUse > IDLE_MS);
  }

  #endWhere(isEnded: (cursor: Cursor) => boolean): void {
    for (const [key, cursor] of this.#open) if (isEnded(cursor)) this.#open.delete(key);
  }

  #freshId(): Long {
    for (;;) {
      const id = Long.fromBigInt(randomBytes(8).readBigUInt64LE() & 0x7fff_ffff_ffff_ffffn);
      if (!id.isZero() && !this.#open.has(id.toString())) return id;
    }
  }
}

/** Takes documents for a batch: at most `count`, and no more than fit into one reply. */
function takeBatch(cursor: Cursor, count: number): { batch: Uint8Array[]; done: boolean } {
  const batch: Uint8Array[] = [];
  let bytes = 0;
  if (count === 0) return { batch, done: false };
  for (;;) {
    const document = cursor.next ?? take(cursor.documents);
    cursor.next = undefined;
    if (document === undefined) return { batch, done: true };
    if (batch.length >= count || (batch.length > 0 && bytes + document.length > MAX_DOCUMENT_BYTES)) {
      cursor.next = document;
      return { batch, done: false };
    }
    batch.push(document);
    bytes += document.length;
  }
}

function take(documents: Iterator<Uint8Array>): Uint8Array | undefined {
  const result = documents.next();
  return result.done === true ? undefined : result.value;
}

/** Encodes the reply around documents that are encoded already. */
function encodeReply(
  batchName: string,
  batch: readonly Uint8Array[],
  id: Long,
  namespace: string,
): Uint8Array {
  const elements = batch.flatMap((document, position) => [elementHead(3, String(position)), document]);
  const cursorFields = encodeDocument(toDoc({ id, ns: namespace })).subarray(4, -1);
  const array = wrap(elements);
  const cursor = wrap([elementHead(4, batchName), array, cursorFields]);
  return wrap([
    elementHead(3, "cursor"),
    cursor,
    encodeDocument(toDoc({ ok: new Double(1) })).subarray(4, -1),
  ]);
}

const elementHead = (type: number, name: string): Uint8Array =>
  Buffer.from(`${String.fromCharCode(type)}${name}\0`, "latin1");

/** A document made of its encoded elements. */
function wrap(elements: readonly Uint8Array[]): Uint8Array {
  const length = elements.reduce((sum, element) => sum + element.length, 5);
  const head = Buffer.alloc(4);
  head.writeInt32LE(length);
  return Buffer.concat([head, ...elements, Buffer.alloc(1)], length);
}
