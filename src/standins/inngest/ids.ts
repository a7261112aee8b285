import { createHash, randomBytes } from "node:crypto";

import { monotonicFactory } from "ulid";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Random bytes are asked for in large pieces: each question costs more than all the bytes of an id. */
const POOL_BYTES = 4096;
let pool = Buffer.alloc(0);
let used = 0;

function randomByte(): number {
  if (used >= pool.length) {
    pool = randomBytes(POOL_BYTES);
    used = 0;
  }
  return pool.readUInt8(used++);
}

const monotonic = monotonicFactory(() => randomByte() / 256);

/** A new ULID; those of one process sort in the order in which they were made. */
export function newUlid(nowMs: number): string {
  return monotonic(nowMs);
}

/**
 * The ULID of the event at `index` (from 1) of a request, derived from the header `x-inngest-event-id-seed`
 * (`millis,base64 of 10 bytes`), so that a request sent again names the same events. Undefined for a seed of another form.
 */
export function seededUlid(seed: string | undefined, index: number): string | undefined {
  const [millis, entropy, ...rest] = seed?.split(",") ?? [];
  if (millis === undefined || entropy === undefined || rest.length > 0 || !/^\d{1,15}$/.test(millis))
    return undefined;
  const random = Buffer.from(entropy, "base64");
  const time = Number(millis);
  if (random.length !== 10 || time <= 0 || time >= 2 ** 48) return undefined;
  random.writeUInt32BE((random.readUInt32BE(6) + index) >>> 0, 6);
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(time, 0, 6);
  random.copy(bytes, 6);
  let value = BigInt(`0x${bytes.toString("hex")}`);
  let text = "";
  for (let digit = 0; digit < 26; digit += 1) {
    text = ALPHABET.charAt(Number(value & 31n)) + text;
    value >>= 5n;
  }
  return text;
}

/** Whether a text has the form of a ULID. */
export function isUlid(text: string): boolean {
  return /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(text);
}

/** A UUID that is always the same for the same text: functions and apps are known to the SDK by such ids. */
export function uuidOf(text: string): string {
  const hex = createHash("sha1").update(text).digest("hex");
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
