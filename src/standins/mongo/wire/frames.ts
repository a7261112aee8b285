/** What a client may send in one message, as `hello` tells it. */
export const MAX_MESSAGE_BYTES = 48_000_000;
const HEADER_BYTES = 16;

/** A message that breaks the wire protocol: the connection cannot go on, because the next frame's place is unknown. */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

/** Cuts a byte stream into messages, each with its header. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #buffered = 0;

  /** Takes what arrived, and gives the messages that are complete now. Throws FrameError on an impossible length. */
  *push(chunk: Buffer): Generator<Buffer> {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    while (this.#buffered >= 4) {
      const length = this.#head(4).readInt32LE(0);
      if (length < HEADER_BYTES || length > MAX_MESSAGE_BYTES) {
        throw new FrameError(
          `a message of ${length} bytes is not between ${HEADER_BYTES} and ${MAX_MESSAGE_BYTES}`,
        );
      }
      if (this.#buffered < length) return;
      const whole = this.#head(length);
      const rest = whole.subarray(length);
      this.#chunks = this.#chunks.slice(1);
      if (rest.length > 0) this.#chunks.unshift(rest);
      this.#buffered -= length;
      yield whole.subarray(0, length);
    }
  }

  /** The first chunk, joined with as many of its followers as it takes to hold `length` bytes. */
  #head(length: number): Buffer {
    let first = this.#chunks[0] ?? Buffer.alloc(0);
    if (first.length < length) {
      let count = 1;
      for (let size = first.length; size < length; count++) size += this.#chunks[count]?.length ?? length;
      first = Buffer.concat(this.#chunks.slice(0, count));
      this.#chunks.splice(0, count, first);
    }
    return first;
  }
}
