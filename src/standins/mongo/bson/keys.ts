const SLOTS = 1024;
const LONGEST = 40;

/**
 * Gives field names as strings without decoding them each time: documents of a collection repeat the same few names,
 * and a string seen before also has its hash, which makes the insertion into a Map cheaper.
 */
export class KeyCache {
  private readonly slots: string[] = Array.from({ length: SLOTS }, () => "");

  /** The name that begins at `start`, or undefined when it is long, not ASCII or not terminated before `end`. */
  read(bytes: Uint8Array, start: number, end: number): string | undefined {
    let hash = 0;
    let at = start;
    for (; at < end; at++) {
      const byte = bytes[at];
      if (byte === undefined || byte >= 0x80) return undefined;
      if (byte === 0) break;
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    const length = at - start;
    if (at >= end || length > LONGEST) return undefined;
    const slot = (hash ^ (hash >>> 10)) & (SLOTS - 1);
    const known = this.slots[slot];
    if (known !== undefined && matches(known, bytes, start, length)) return known;
    const name = String.fromCharCode(...bytes.subarray(start, at));
    this.slots[slot] = name;
    return name;
  }
}

function matches(name: string, bytes: Uint8Array, start: number, length: number): boolean {
  if (name.length !== length) return false;
  for (let index = 0; index < length; index++) {
    if (name.charCodeAt(index) !== bytes[start + index]) return false;
  }
  return true;
}
