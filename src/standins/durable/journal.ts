import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { crc32 } from "node:zlib";

const MAGIC = 0x6a6e6c31;
const FILE_HEAD = 8;
const RECORD_HEAD = 8;

/**
 * A file of records that are written one behind the other and read only after a crash. It belongs to a generation: that
 * of the state on which its records build. A record that was half written when the process died is as if it never was.
 */
export class Journal {
  readonly #file: number;
  #generation = 0;
  #length = 0;

  constructor(path: string) {
    this.#file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    this.#length = fstatSync(this.#file).size;
  }

  /** How many bytes it has. */
  get length(): number {
    return this.#length;
  }

  /** The whole records of a generation, in their order; none where the file belongs to another one. */
  read(generation: number): Buffer[] {
    const bytes = Buffer.alloc(fstatSync(this.#file).size);
    for (let at = 0; at < bytes.length;) {
      const count = readSync(this.#file, bytes, at, bytes.length - at, at);
      if (count === 0) break;
      at += count;
    }
    const isOurs =
      bytes.length >= FILE_HEAD && bytes.readUInt32LE(0) === MAGIC && bytes.readUInt32LE(4) === generation;
    const records: Buffer[] = [];
    for (let at = FILE_HEAD; isOurs && at + RECORD_HEAD <= bytes.length;) {
      const length = bytes.readUInt32LE(at);
      const record = bytes.subarray(at + RECORD_HEAD, at + RECORD_HEAD + length);
      const isWhole = length > 0 && record.length === length;
      if (!isWhole || crc32(record, generation) !== bytes.readUInt32LE(at + 4)) break;
      records.push(record);
      at += RECORD_HEAD + length;
    }
    return records;
  }

  /** Empties the file: what comes now belongs to `generation`. */
  restart(generation: number): void {
    this.#generation = generation;
    this.#length = 0;
    ftruncateSync(this.#file, 0);
  }

  /**
   * Adds a record. The operating system has it when this returns, so that it outlives the process. When this throws (the
   * disk is full), there is no such record.
   */
  append(record: Uint8Array): void {
    const head = this.#length === 0 ? FILE_HEAD : 0;
    const message = Buffer.allocUnsafe(head + RECORD_HEAD + record.length);
    if (head > 0) {
      message.writeUInt32LE(MAGIC, 0);
      message.writeUInt32LE(this.#generation, 4);
    }
    message.writeUInt32LE(record.length, head);
    message.writeUInt32LE(crc32(record, this.#generation), head + 4);
    message.set(record, head + RECORD_HEAD);
    try {
      for (let at = 0; at < message.length;) {
        at += writeSync(this.#file, message, at, message.length - at, this.#length + at);
      }
    } catch (error) {
      ftruncateSync(this.#file, this.#length);
      throw error;
    }
    this.#length += message.length;
  }

  close(): void {
    closeSync(this.#file);
  }
}
