import { Decimal128, Double, Long } from "bson";
import { arithmetic, divide, toDecimal } from "../bson/arithmetic.ts";
import { fitsLong, toWhole, wholeValue } from "../bson/numbers.ts";
import type { NumberValue } from "../bson/types.ts";

/**
 * Adds numbers up as `$sum`, `$avg` and `$add` do: whole numbers exactly, doubles with the rounding error carried along
 * (so that ten times 0.1 is 1), decimals as decimals. The result has the widest type that was added.
 */
export class Summation {
  private whole = 0n;
  private doubles = 0;
  private error = 0;
  private decimals: NumberValue | undefined;
  private hasLong = false;
  private hasDouble = false;
  /** How many numbers were added. */
  count = 0;

  add(value: NumberValue): void {
    this.count++;
    switch (value._bsontype) {
      case "Int32":
        this.whole += BigInt(value.value);
        break;
      case "Long":
        this.hasLong = true;
        this.whole += toWhole(value) ?? 0n;
        break;
      case "Double":
        this.hasDouble = true;
        this.addDouble(value.value);
        break;
      case "Decimal128":
        this.decimals = this.decimals === undefined ? value : arithmetic("add", this.decimals, value);
    }
  }

  private addDouble(value: number): void {
    const total = this.doubles + value;
    if (Number.isFinite(total)) {
      const part = total - this.doubles;
      this.error += this.doubles - (total - part) + (value - part);
    }
    this.doubles = total;
  }

  private doubleTotal(): number {
    const total = new Summation();
    total.doubles = this.doubles;
    total.error = this.error;
    const near = Number(this.whole);
    total.addDouble(near);
    total.addDouble(Number(this.whole - BigInt(near)));
    return Number.isFinite(total.doubles) ? total.doubles + total.error : total.doubles;
  }

  /** The sum. Without any number it is an Int32 zero. */
  total(): NumberValue {
    if (this.decimals !== undefined) return this.decimalTotal(this.decimals);
    if (this.hasDouble || !fitsLong(this.whole)) return new Double(this.doubleTotal());
    return this.hasLong ? Long.fromBigInt(this.whole) : wholeValue(this.whole);
  }

  private decimalTotal(decimals: NumberValue): NumberValue {
    const whole = fitsLong(this.whole)
      ? Long.fromBigInt(this.whole)
      : Decimal128.fromString(String(this.whole));
    let total = arithmetic("add", decimals, whole) ?? decimals;
    if (this.hasDouble)
      total = arithmetic("add", total, toDecimal(new Double(this.doubles + this.error))) ?? total;
    return total;
  }

  /** The mean, a double or a decimal, or null without any number. */
  average(): Double | Decimal128 | null {
    if (this.count === 0) return null;
    if (this.decimals !== undefined) return divide(this.total(), Long.fromNumber(this.count));
    return new Double(this.doubleTotal() / this.count);
  }
}

/** The sum of a list of numbers. */
export function sum(numbers: readonly NumberValue[]): NumberValue {
  const summation = new Summation();
  for (const number of numbers) summation.add(number);
  return summation.total();
}
