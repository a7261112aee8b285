import type { SQLInputValue } from "node:sqlite";

/** What an entry does, and of which kind a value is. */
const DEFINE = 1;
const RUN = 2;
const NULL = 0;
const NUMBER = 1;
const BIGINT = 2;
const TEXT = 3;
const BLOB = 4;
const MIN_BYTES = 64 * 1024;

/** One statement that was run, with its values. */
export interface LoggedStatement {
  readonly sql: string;
  readonly values: SQLInputValue[];
}

/**
 * Writes down the statements of a transaction as bytes. A statement's text is written once for all records of a journal
 * (`restart` begins another); after that it is a number.
 */
export class StatementLog {
  readonly #numbers = new Map<string, number>();
  #known = new Set<number>();
  #bytes = Buffer.allocUnsafeSlow(MIN_BYTES);
  #length = 0;

  /** How many bytes there are; `cutTo` takes back what came later. */
  get length(): number {
    return this.#length;
  }

  /** What has been written down since it was last cleared. It is overwritten by what comes next. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  add(sql: string, values: readonly SQLInputValue[]): void {
    const number = this.#numberOf(sql);
    this.#byte(RUN);
    this.#uint(number);
    this.#uint(values.length);
    for (const value of values) this.#value(value);
  }

  cutTo(length: number): void {
    // The texts that are cut away are written again when they are needed next.
    if (length < this.#length) this.#known = new Set();
    this.#length = length;
  }

  /** Begins a new record; what was written is kept elsewhere. */
  clear(): void {
    this.#length = 0;
  }

  /** Begins the first record of another journal, in which no text is known. */
  restart(): void {
    this.#length = 0;
    this.#known = new Set();
  }

  #numberOf(sql: string): number {
    let number = this.#numbers.get(sql);
    if (number === undefined) this.#numbers.set(sql, (number = this.#numbers.size));
    if (!this.#known.has(number)) {
      this.#byte(DEFINE);
      this.#uint(number);
      this.#text(sql);
      this.#known.add(number);
    }
    return number;
  }

  #value(value: SQLInputValue): void {
    if (value === null) return this.#byte(NULL);
    if (typeof value === "number") {
      this.#byte(NUMBER);
      const at = this.#reserve(8);
      this.#bytes.writeDoubleLE(value, at);
      return undefined;
    }
    if (typeof value === "bigint") {
      this.#byte(BIGINT);
      const at = this.#reserve(8);
      this.#bytes.writeBigInt64LE(value, at);
      return undefined;
    }
    if (typeof value === "string") {
      this.#byte(TEXT);
      return this.#text(value);
    }
    this.#byte(BLOB);
    const blob = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    this.#uint(blob.length);
    const at = this.#reserve(blob.length);
    blob.copy(this.#bytes, at);
    return undefined;
  }

  #byte(value: number): void {
    const at = this.#reserve(1);
    this.#bytes[at] = value;
  }

  #uint(value: number): void {
    const at = this.#reserve(4);
    this.#bytes.writeUInt32LE(value, at);
  }

  #text(text: string): void {
    const head = this.#reserve(4);
    const at = this.#reserve(text.length * 3);
    const written = this.#bytes.write(text, at, "utf8");
    this.#bytes.writeUInt32LE(written, head);
    this.#length = at + written;
  }

  #reserve(count: number): number {
    const start = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(this.#length, 2 * this.#bytes.length));
      this.#bytes.copy(larger, 0, 0, start);
      this.#bytes = larger;
    }
    return start;
  }
}

/** Reads the statements of a journal's records, in their order. */
export class StatementReader {
  readonly #texts = new Map<number, string>();

  *read(record: Buffer): Generator<LoggedStatement> {
    let at = 0;
    const uint = (): number => record.readUInt32LE((at += 4) - 4);
    const bytes = (): Buffer => {
      const length = uint();
      return record.subarray(at, (at += length));
    };
    const value = (): SQLInputValue => {
      const kind = record[at++];
      if (kind === NULL) return null;
      if (kind === NUMBER) return record.readDoubleLE((at += 8) - 8);
      if (kind === BIGINT) return record.readBigInt64LE((at += 8) - 8);
      return kind === TEXT ? bytes().toString("utf8") : bytes();
    };
    while (at < record.length) {
      const kind = record[at++];
      const number = uint();
      if (kind === DEFINE) {
        this.#texts.set(number, bytes().toString("utf8"));
        continue;
      }
      const values = Array.from({ length: uint() }, value);
      const sql = this.#texts.get(number);
      if (kind !== RUN || sql === undefined) throw new Error("a journal holds what is no statement");
      yield { sql, values };
    }
  }
}
