/** Collects the bytes of an index key; every method writes something whose byte order is its own order. */
export class KeyWriter {
  #buffer = Buffer.allocUnsafeSlow(256);
  length = 0;

  byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.length++] = value;
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  uint16(value: number): void {
    this.#reserve(2);
    this.length = this.#buffer.writeUInt16BE(value, this.length);
  }

  uint32(value: number): void {
    this.#reserve(4);
    this.length = this.#buffer.writeUInt32BE(value, this.length);
  }

  /** A signed 64-bit number; its sign bit is turned round, so that negative ones come first. */
  signedLong(value: bigint): void {
    this.#reserve(8);
    this.length = this.#buffer.writeBigUInt64BE(BigInt.asUintN(64, value) ^ (1n << 63n), this.length);
  }

  /** A double that is not NaN; minus zero is written as zero. All bits of a negative one are turned round. */
  double(value: number): void {
    this.#reserve(8);
    const start = this.length;
    this.length = this.#buffer.writeDoubleBE(value === 0 ? 0 : value, start);
    if (value < 0) this.invertFrom(start);
    else this.#buffer[start] = (this.#buffer[start] ?? 0) ^ 0x80;
  }

  /** A string in UTF-8, closed by two zero bytes; a zero byte within it is followed by 0xff. */
  text(value: string): void {
    if (value.includes("\0")) {
      for (const byte of Buffer.from(value, "utf8")) {
        this.byte(byte);
        if (byte === 0) this.byte(0xff);
      }
    } else {
      this.#reserve(value.length * 3);
      this.length += this.#buffer.write(value, this.length, "utf8");
    }
    this.uint16(0);
  }

  /** Turns round all bits from `start` on, and with them the order. */
  invertFrom(start: number): void {
    for (let index = start; index < this.length; index++)
      this.#buffer[index] = ~(this.#buffer[index] ?? 0) & 0xff;
  }

  /** A copy of what has been written. */
  bytes(): Uint8Array {
    // A loop, because keys are short: whatever else copies makes a view first, which costs more.
    const copy = new Uint8Array(this.length);
    for (let index = 0; index < copy.length; index++) copy[index] = this.#buffer[index] ?? 0;
    return copy;
  }

  /** Begins another key. */
  clear(): void {
    this.length = 0;
  }

  #reserve(count: number): void {
    if (this.length + count <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.length + count));
    larger.set(this.#buffer.subarray(0, this.length));
    this.#buffer = larger;
  }
}
