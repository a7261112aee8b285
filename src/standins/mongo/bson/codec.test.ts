import {
  BSONRegExp,
  BSONSymbol,
  Binary,
  Code,
  DBRef,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  UUID,
  deserialize,
  serialize,
} from "bson";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeDocument, encodeDocument } from "./codec.ts";
import { anyDoc } from "./arbitrary.ts";
import { DocumentWriter } from "./encode.ts";
import { doc, show } from "./shell.ts";
import type { Doc, Value } from "./value.ts";

const one = (value: Value): Doc => new Map([["a", value]]);
const code = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
};

describe("a document", () => {
  test("comes back byte for byte, whatever it holds", () => {
    fc.assert(
      fc.property(anyDoc, (any) => {
        const bytes = encodeDocument(any);
        expect(Buffer.from(encodeDocument(decodeDocument(bytes))).equals(bytes)).toBe(true);
        expect(show(decodeDocument(bytes))).toBe(show(any));
      }),
    );
  });

  test("is written whole wherever in it the room runs out", () => {
    const values = [
      1.5,
      "text",
      true,
      new Date(5),
      Long.fromString("-3"),
      new Int32(7),
      new BSONRegExp("a", "i"),
    ];
    const old = new Binary(Buffer.from([1, 2]), 2);
    const room = 4096;
    for (let length = room - 260; length < room; length++) {
      const any = doc({ pad: new Binary(Buffer.alloc(length)), values, old });
      expect(show(decodeDocument(new DocumentWriter().encode(any)))).toBe(show(any));
    }
  });

  test("is written as the driver's own library writes it", () => {
    const id = new ObjectId();
    const plain = {
      _id: id,
      i: 1,
      d: 1.5,
      big: Long.fromString("9007199254740993"),
      s: "grüße 你好 😀",
      list: [1, [2, { deep: null }], "x"],
      at: new Date("2026-11-22T10:00:00.123Z"),
      old: new Date(-1),
      flag: true,
      re: new BSONRegExp("^a", "im"),
      bin: new Binary(Buffer.from([1, 2, 3]), 0),
      uuid: new UUID(),
      dec: Decimal128.fromString("-1.50E+3"),
      ts: new Timestamp({ t: 4_000_000_000, i: 7 }),
      min: new MinKey(),
      max: new MaxKey(),
      sym: new BSONSymbol("s"),
      js: new Code("f()"),
      scoped: new Code("f()", { x: 1 }),
    };
    const bytes = serialize(plain);
    expect(Buffer.from(encodeDocument(decodeDocument(bytes))).toString("hex")).toBe(
      Buffer.from(bytes).toString("hex"),
    );
    expect(deserialize(encodeDocument(decodeDocument(bytes)))["s"]).toBe(plain.s);
  });

  test("keeps the order of its keys, also of those that JavaScript objects move or hide", () => {
    const keys = ["b", "2", "__proto__", "1", "", "constructor", "a", "ключ"];
    const given: Doc = new Map(keys.map((key, index) => [key, new Int32(index)]));
    expect([...decodeDocument(encodeDocument(given)).keys()]).toEqual(keys);
  });

  test("shares no memory with the bytes it was read from", () => {
    const bytes = Buffer.from(
      serialize({ b: new Binary(Buffer.from([1, 2])), id: new ObjectId("0".repeat(24)), s: "x" }),
    );
    const read = decodeDocument(bytes);
    bytes.fill(0xff);
    expect(
      Buffer.from(encodeDocument(read)).equals(
        serialize({ b: new Binary(Buffer.from([1, 2])), id: new ObjectId("0".repeat(24)), s: "x" }),
      ),
    ).toBe(true);
  });
});

describe("numbers keep their type and value", () => {
  const cases: [string, Value][] = [
    ["an int", new Int32(-1)],
    ["a whole double", new Double(1)],
    ["minus zero", new Double(-0)],
    ["NaN", new Double(Number.NaN)],
    ["infinity", new Double(-Infinity)],
    ["a long beyond 2^53", Long.fromString("-9223372036854775808")],
    ["a decimal with trailing zeros", Decimal128.fromString("1.00")],
    ["a decimal NaN", Decimal128.fromString("NaN")],
  ];
  test.each(cases)("%s", (_, number) => {
    const bytes = encodeDocument(one(number));
    const read = decodeDocument(bytes).get("a");
    expect(read?.constructor).toBe(number?.constructor);
    expect(show(read)).toBe(show(number));
    expect(Buffer.from(encodeDocument(one(read ?? null))).equals(bytes)).toBe(true);
  });
});

test("the old reference type comes back as one", () => {
  const reference = new DBRef("db.things", new ObjectId());
  const bytes = encodeDocument(one(reference));
  expect(bytes[4]).toBe(0x0c);
  expect(Buffer.from(encodeDocument(decodeDocument(bytes))).equals(bytes)).toBe(true);
});

test("the deprecated undefined becomes null", () => {
  expect(show(decodeDocument(Buffer.from("080000000661000 0".replace(" ", ""), "hex")))).toBe("{a: null}");
});

describe("what is no document is refused with 22", () => {
  const good = Buffer.from(serialize({ a: "text", b: [1, { c: true }] }));
  const cases: [string, Uint8Array][] = [
    ["no bytes", new Uint8Array()],
    ["too short", Buffer.from([5, 0, 0, 0])],
    ["a length beyond the bytes", Buffer.concat([Buffer.from([99, 0, 0, 0]), good.subarray(4)])],
    ["cut off", good.subarray(0, good.length - 2)],
    ["more bytes than its length", Buffer.concat([good, Buffer.from([0])])],
    ["an unknown type", Buffer.from("080000004461000 0".replace(" ", ""), "hex")],
    ["a boolean of 2", Buffer.from("090000000861000200", "hex")],
    ["text that is no UTF-8", Buffer.from("0e000000026100020000 00ff0000".replace(" ", ""), "hex")],
    ["a string that is not terminated", Buffer.from("0e00000002610002000000414100", "hex")],
    ["a field twice", Buffer.from("0b0000000a61000a610000", "hex")],
    ["a date beyond JavaScript's", Buffer.from("10000000096100ffffffffffffff7f00", "hex")],
  ];
  test.each(cases)("%s", (_, bytes) => {
    expect(code(() => decodeDocument(bytes))).toBe(22);
  });

  test("any bytes at all are read or refused, never anything else", () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const bytes = Buffer.from(good);
        bytes[at] = byte;
        expect([22, "read"]).toContain(code(() => (decodeDocument(bytes), "read")));
      }),
    );
  });

  test("nesting deeper than MongoDB allows is refused with 15", () => {
    let deep: Doc = new Map();
    for (let level = 0; level < 200; level++) deep = new Map([["a", deep]]);
    expect(code(() => decodeDocument(encodeDocument(deep)))).toBe(15);
  });
});

test("a text with a replacement character of its own is no mistake", () => {
  expect(show(doc({ a: "\uFFFD", b: "\u0000" }))).toBe('{a: "\uFFFD", b: "\\u0000"}');
});
