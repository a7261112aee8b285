/** A generator of numbers from 0 to 1 (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export class Chance {
  readonly #next: () => number;
  constructor(seed: number, index: number) {
    this.#next = numbers((Math.imul(seed, 2_654_435_761) ^ Math.imul(index + 1, 40_503)) >>> 0);
  }
  below(limit: number): number {
    return Math.floor(this.#next() * limit);
  }
  is(probability: number): boolean {
    return this.#next() < probability;
  }
  pick<T>(from: readonly T[]): T {
    const found = from[this.below(from.length)];
    if (found === undefined) throw new Error("nothing to pick from");
    return found;
  }
  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }
  /** Text that people do not type. */
  text(): string {
    const letters = this.pick([
      "abcXYZ019",
      "'\"\\<>&;${}[]()",
      "\u0001\u001f\u007f",
      "é漢😀\u202e\ufeff",
      "%00%ff%c0%af../;",
      "\t \u00a0",
    ]);
    const length = this.pick([0, 1, 3, 24, 60, 300]);
    const characters = Array.from(letters);
    return Array.from({ length }, () => this.pick(characters)).join("");
  }
}

/** The words of a text. */
export const words = (text: string) => text.trim().split(/\s+/);

const strange: readonly unknown[] = [
  ...words(`x 0.0 __proto__ ${"0".repeat(24)} ${"f".repeat(24)} ${"9".repeat(400)} 2026-13-45T99:99:99Z`),
  ...words("1970-01-01T00:00:00.000Z -271821-04-20T00:00:00.000Z +275760-09-13T00:00:00.001Z"),
  ...(JSON.parse(`[null, true, false, 0, -1, 1.5, 1e308, 9007199254740993, "", [], {}, [[]], [null], "\\u0000",
    {"$ne": null}, {"$gt": ""}, {"$where": "1"}, {"__proto__": {"a": 1}}, {"constructor": {"prototype": {}}}]`) as unknown[]),
  "\ud800",
];
export const fields = words(`
  goal_id agree filter cursor limit action reason request_id user_id role q email password kind
  what value id state since session_id bulk_id confirmation callbackURL token newPassword
  currentPassword receivers min_amount max_amount account escrow_id __proto__ constructor
  rememberMe run_id
`);

/** Some JSON value, deeper now and then. */
export function value(chance: Chance, depth = 0): unknown {
  if (depth > 4 || chance.is(0.4)) return chance.is(0.8) ? chance.pick(strange) : chance.text();
  if (chance.is(0.25)) return Array.from({ length: chance.below(5) }, () => value(chance, depth + 1));
  return Object.fromEntries(
    Array.from({ length: chance.below(6) }, () => [chance.pick(fields), value(chance, depth + 1)]),
  );
}

/** A body: JSON that is strange, JSON that is broken, or none. */
export function body(chance: Chance): Buffer {
  const json = JSON.stringify(value(chance)) ?? "";
  switch (chance.below(10)) {
    case 0:
      return Buffer.alloc(0);
    case 1:
      return chance.bytes(chance.pick([1, 10, 200, 3_000]));
    case 2:
      return Buffer.from(json.slice(0, chance.below(json.length + 1)));
    case 3:
      return Buffer.from("[".repeat(chance.pick([10, 1_000, 50_000])));
    case 4:
      return Buffer.from(`{"a":"${"x".repeat(chance.pick([1_000, 20_000, 200_000]))}"}`);
    case 5:
      return Buffer.concat([
        Buffer.from('{"email":"'),
        chance.bytes(5),
        Buffer.from('","password":"'),
        chance.bytes(5),
        Buffer.from('"}'),
      ]);
    default:
      return Buffer.from(json);
  }
}
