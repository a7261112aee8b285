import { Int32 } from "bson";
import { compareStrings } from "../../bson/compare.ts";
import { toIndex } from "../../bson/numbers.ts";
import { isNullish, isNumber } from "../../bson/types.ts";
import type { Value } from "../../bson/value.ts";
import { locationError, named, positional, typeOf, unary } from "../arguments.ts";
import { textOfScalar } from "../conversion.ts";
import type { OperatorCompiler } from "../scope.ts";

const codePoints = (text: string): string[] => Array.from(text);

function concat(values: readonly (Value | undefined)[]): Value {
  let result = "";
  for (const value of values) {
    if (isNullish(value)) return null;
    if (typeof value !== "string")
      throw locationError(16702, `$concat only supports strings, not ${typeOf(value)}`);
    result += value;
  }
  return result;
}

/** A value as text where an operator takes "anything that reads as a string"; nothing reads as "". */
function readable(value: Value | undefined): string {
  if (isNullish(value)) return "";
  const text = textOfScalar(value);
  if (text === undefined)
    throw locationError(16007, `can't convert from BSON type ${typeOf(value)} to String`);
  return text;
}

/** Changes the case of ASCII letters only, as MongoDB does. */
const lower = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
const upper = (text: string): string => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());

function position(value: Value | undefined, code: number, what: string): number {
  const index = isNumber(value) ? toIndex(value) : undefined;
  if (index === undefined)
    throw locationError(code, `${what} must be a numeric type (is BSON type ${typeOf(value)})`);
  return index;
}

function substrCP([value, from, count]: (Value | undefined)[]): Value {
  const points = codePoints(readable(value));
  const start = position(from, 34450, "$substrCP: starting index");
  const length = position(count, 34452, "$substrCP: length");
  if (length < 0) throw locationError(34454, "$substrCP: length must be a nonnegative integer.");
  if (start < 0) throw locationError(34455, "$substrCP: the starting index must be nonnegative integer.");
  return points.slice(start, start + length).join("");
}

function substrBytes([value, from, count]: (Value | undefined)[]): Value {
  const bytes = Buffer.from(readable(value));
  const start = position(from, 16034, "$substrBytes: starting index");
  const length = position(count, 16035, "$substrBytes: length");
  if (start < 0) throw locationError(50752, "$substrBytes: starting index must be non-negative");
  const end = length < 0 ? bytes.length : Math.min(start + length, bytes.length);
  const continues = (at: number): boolean => ((bytes[at] ?? 0) & 0xc0) === 0x80;
  if (continues(start))
    throw locationError(28656, "$substrBytes:  Invalid range, starting index is a UTF-8 continuation byte.");
  if (continues(end))
    throw locationError(
      28657,
      "$substrBytes:  Invalid range, ending index is in the middle of a UTF-8 character.",
    );
  return bytes.toString("utf8", start, end);
}

function split([text, separator]: (Value | undefined)[]): Value {
  if (isNullish(text) || isNullish(separator)) return null;
  if (typeof text !== "string") {
    throw locationError(
      40085,
      `$split requires an expression that evaluates to a string as a first argument, found: ${typeOf(text)}`,
    );
  }
  if (typeof separator !== "string") {
    throw locationError(
      40086,
      `$split requires an expression that evaluates to a string as a second argument, found: ${typeOf(separator)}`,
    );
  }
  if (separator === "") throw locationError(40087, "$split requires a non-empty separator");
  return text.split(separator);
}

function length(name: string, code: number, measure: (text: string) => number): OperatorCompiler {
  return unary((value) => {
    if (typeof value !== "string") {
      throw locationError(code, `${name} requires a string argument, found: ${typeOf(value)}`);
    }
    return new Int32(measure(value));
  });
}

const WHITESPACE =
  "\0 \t\n\v\f\r\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A";

function trim(name: string, left: boolean, right: boolean): OperatorCompiler {
  return named(["input"], ["chars"], ({ input, chars }, given) => {
    if (isNullish(input)) return null;
    if (typeof input !== "string") {
      throw locationError(50699, `${name} requires its input to be a string, got ${typeOf(input)} instead.`);
    }
    if (given.has("chars") && isNullish(chars)) return null;
    if (given.has("chars") && typeof chars !== "string") {
      throw locationError(50700, `${name} requires 'chars' to be a string, got ${typeOf(chars)} instead.`);
    }
    const removed = new Set(codePoints(typeof chars === "string" ? chars : WHITESPACE));
    const points = codePoints(input);
    let start = 0;
    let end = points.length;
    while (left && start < end && removed.has(points[start] ?? "")) start++;
    while (right && end > start && removed.has(points[end - 1] ?? "")) end--;
    return points.slice(start, end).join("");
  });
}

function replace(
  name: string,
  apply: (input: string, find: string, replacement: string) => string,
): OperatorCompiler {
  return named(["input", "find", "replacement"], [], ({ input, find, replacement }) => {
    for (const [field, value, code] of [
      ["input", input, 51746],
      ["find", find, 51745],
      ["replacement", replacement, 51744],
    ] as const) {
      if (!isNullish(value) && typeof value !== "string") {
        throw locationError(code, `${name} requires that '${field}' be a string, found: ${typeOf(value)}`);
      }
    }
    if (typeof input !== "string" || typeof find !== "string" || typeof replacement !== "string") return null;
    return apply(input, find, replacement);
  });
}

function replaceOne(input: string, find: string, replacement: string): string {
  const at = input.indexOf(find);
  return at === -1 ? input : input.slice(0, at) + replacement + input.slice(at + find.length);
}

function indexOfCP([text, token, from, to]: (Value | undefined)[]): Value {
  if (isNullish(text)) return null;
  if (typeof text !== "string") {
    throw locationError(40093, `$indexOfCP requires a string as the first argument, found: ${typeOf(text)}`);
  }
  if (typeof token !== "string") {
    throw locationError(
      40094,
      `$indexOfCP requires a string as the second argument, found: ${typeOf(token)}`,
    );
  }
  const points = codePoints(text);
  const start = from === undefined ? 0 : position(from, 40096, "$indexOfCP: starting index");
  const end = to === undefined ? points.length : position(to, 40096, "$indexOfCP: ending index");
  if (start < 0 || end < 0) throw locationError(40097, "$indexOfCP requires a nonnegative index");
  if (start > points.length || end < start) return new Int32(-1);
  const at = points.slice(start, end).join("").indexOf(token);
  return new Int32(
    at === -1 ? -1 : start + codePoints(points.slice(start, end).join("").slice(0, at)).length,
  );
}

/** Strings. Case and white space are MongoDB's: ASCII letters, its own list of spaces. */
export const stringOperators: Readonly<Record<string, OperatorCompiler>> = {
  $concat: positional(0, Infinity, concat),
  $toLower: unary((value) => lower(readable(value))),
  $toUpper: unary((value) => upper(readable(value))),
  $strcasecmp: positional(
    2,
    2,
    ([left, right]) => new Int32(compareStrings(upper(readable(left)), upper(readable(right)))),
  ),
  $substr: positional(3, 3, substrBytes),
  $substrBytes: positional(3, 3, substrBytes),
  $substrCP: positional(3, 3, substrCP),
  $strLenCP: length("$strLenCP", 34471, (text) => codePoints(text).length),
  $strLenBytes: length("$strLenBytes", 34473, (text) => Buffer.byteLength(text)),
  $split: positional(2, 2, split),
  $indexOfCP: positional(2, 4, indexOfCP),
  $trim: trim("$trim", true, true),
  $ltrim: trim("$ltrim", true, false),
  $rtrim: trim("$rtrim", false, true),
  $replaceOne: replace("$replaceOne", replaceOne),
  $replaceAll: replace("$replaceAll", (input, find, replacement) =>
    find === "" ? refuseEmptyFind() : input.split(find).join(replacement),
  ),
};

function refuseEmptyFind(): never {
  throw locationError(51749, "$replaceAll with an empty 'find' is not supported");
}
