import { BSONRegExp, Int32 } from "bson";
import { isNullish } from "../../bson/types.ts";
import type { Doc, Value } from "../../bson/value.ts";
import { compileRegex } from "../../query/regex.ts";
import { locationError, named, typeOf } from "../arguments.ts";
import type { OperatorCompiler } from "../scope.ts";

function compiled(name: string, regex: Value | undefined, options: Value | undefined): RegExp | null {
  if (isNullish(regex)) return null;
  if (!isNullish(options) && typeof options !== "string") {
    throw locationError(51106, `${name} needs 'options' to be of type string`);
  }
  if (regex instanceof BSONRegExp) {
    if (typeof options === "string" && options !== "" && regex.options !== "") {
      throw locationError(
        51107,
        `${name} found regex option(s) specified in both 'regex' and 'option' fields`,
      );
    }
    return compileRegex(
      regex.pattern,
      regex.options === "" && typeof options === "string" ? options : regex.options,
    );
  }
  if (typeof regex !== "string")
    throw locationError(51105, `${name} needs 'regex' to be of type string or regex`);
  return compileRegex(regex, typeof options === "string" ? options : "");
}

function search(name: string, find: (input: string | null, regex: RegExp | null) => Value): OperatorCompiler {
  return named(["input", "regex"], ["options"], ({ input, regex, options }) => {
    if (!isNullish(input) && typeof input !== "string") {
      throw locationError(51104, `${name} needs 'input' to be of type string, found ${typeOf(input)}`);
    }
    return find(input ?? null, compiled(name, regex, options));
  });
}

function found(match: RegExpMatchArray, input: string): Doc {
  const before = input.slice(0, match.index ?? 0);
  return new Map<string, Value>([
    ["match", match[0]],
    ["idx", new Int32(Array.from(before).length)],
    ["captures", match.slice(1).map((capture: string | undefined) => capture ?? null)],
  ]);
}

function findAll(input: string, regex: RegExp): Value {
  return Array.from(input.matchAll(new RegExp(regex, `${regex.flags}g`)), (match) => found(match, input));
}

function findFirst(input: string, regex: RegExp): Value {
  const match = regex.exec(input);
  return match === null ? null : found(match, input);
}

/** Regular expressions. A null or missing input or expression matches nothing. */
export const regexOperators: Readonly<Record<string, OperatorCompiler>> = {
  $regexMatch: search("$regexMatch", (input, regex) => input !== null && regex !== null && regex.test(input)),
  $regexFind: search("$regexFind", (input, regex) =>
    input === null || regex === null ? null : findFirst(input, regex),
  ),
  $regexFindAll: search("$regexFindAll", (input, regex) =>
    input === null || regex === null ? [] : findAll(input, regex),
  ),
};
