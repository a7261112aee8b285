import { type Decimal128, Double, type Long } from "bson";
import { type Decimal, compareNumbers, decimalParts } from "../bson/numbers.ts";
import type { NumberValue } from "../bson/types.ts";
import type { KeyWriter } from "./key-writer.ts";

/**
 * Writes a number so that byte order is numeric order over all four types, exactly: first the greatest double that is
 * not above the number, then 0 if that is the number itself. Otherwise it is 1 and the number's own digits: they only
 * have to order the few numbers between one double and the next (a Long beyond 2^53, most Decimal128).
 */
export function writeNumber(writer: KeyWriter, value: NumberValue): void {
  switch (value._bsontype) {
    case "Int32":
    case "Double":
      return writeDouble(writer, value.value);
    case "Long":
      return writeLong(writer, value);
    case "Decimal128":
      return writeDecimal(writer, value);
  }
}

function writeDouble(writer: KeyWriter, value: number): void {
  // NaN is the least of all numbers; no double is written as eight zero bytes.
  if (Number.isNaN(value)) writer.raw(new Uint8Array(8));
  else writer.double(value);
  writer.byte(0);
}

function writeLong(writer: KeyWriter, value: Long): void {
  const plain = value.toNumber();
  if (Number.isSafeInteger(plain)) return writeDouble(writer, plain);
  const whole = value.toBigInt();
  const nearest = Number(whole);
  if (BigInt(nearest) === whole) return writeDouble(writer, nearest);
  writer.double(BigInt(nearest) > whole ? nextBelow(nearest) : nearest);
  writer.byte(1);
  writeDigits(writer, { coefficient: whole, exponent: 0 });
}

function writeDecimal(writer: KeyWriter, value: Decimal128): void {
  const parts = decimalParts(value);
  if (typeof parts === "number") return writeDouble(writer, parts);
  const nearest = Number(value.toString());
  const order = compareNumbers(new Double(nearest), value);
  if (order === 0) return writeDouble(writer, nearest);
  writer.double(order > 0 ? nextBelow(nearest) : nearest);
  writer.byte(1);
  writeDigits(writer, parts);
}

/** Writes sign, place of the first digit, and the digits; of a negative number the latter two turned round. */
function writeDigits(writer: KeyWriter, { coefficient, exponent }: Decimal): void {
  const negative = coefficient < 0n;
  const digits = (negative ? -coefficient : coefficient).toString();
  writer.byte(negative ? 0 : 1);
  const start = writer.length;
  writer.uint16(digits.length + exponent + 0x8000);
  for (const digit of digits.replace(/0+$/, "")) writer.byte(Number(digit) + 1);
  writer.byte(0);
  if (negative) writer.invertFrom(start);
}

const scratch = new DataView(new ArrayBuffer(8));

/** The greatest double below `value`. */
function nextBelow(value: number): number {
  if (value === 0) return -Number.MIN_VALUE;
  scratch.setFloat64(0, value);
  const bits = scratch.getBigInt64(0);
  scratch.setBigInt64(0, value > 0 ? bits - 1n : bits + 1n);
  return scratch.getFloat64(0);
}
