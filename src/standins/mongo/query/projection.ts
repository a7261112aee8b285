import { compileProjectionSpec } from "../aggregate/projectionSpec.ts";
import type { SpecialNode } from "../aggregate/projectionSpec.ts";
import type { Environment } from "../aggregate/scope.ts";
import { toIndex } from "../bson/numbers.ts";
import { isDoc, isNumber } from "../bson/types.ts";
import type { Doc, Value } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import { compileFilter } from "./filter.ts";
import { elemMatchTest } from "./operators.ts";

/** The elements that `$slice: count` or `$slice: [skip, count]` leaves; anything but an array stays as it is. */
function slicer(operand: Value): ((value: Value) => Value) | undefined {
  const numbers = (Array.isArray(operand) ? operand : [operand]).map((one) =>
    isNumber(one) ? toIndex(one) : undefined,
  );
  const [first, second] = numbers;
  // An array of other things is the expression operator of the same name.
  if (first === undefined || numbers.length > 2) return undefined;
  if (numbers.length === 1) {
    return (value) =>
      Array.isArray(value) ? (first < 0 ? value.slice(first) : value.slice(0, first)) : value;
  }
  if (second === undefined || second <= 0) {
    throw new MongoError(
      28729,
      "Location28729",
      `Third argument to $slice must be positive: ${second ?? "none"}`,
    );
  }
  return (value) => {
    if (!Array.isArray(value)) return value;
    const start = first < 0 ? Math.max(0, value.length + first) : first;
    return value.slice(start, start + second);
  };
}

function specialNodes(environment: Environment): SpecialNode {
  return (operators, path) => {
    const [[name, operand] = ["", null]] = operators;
    if (name === "$meta")
      throw new MongoError(115, "CommandNotSupported", "$meta projections are not supported");
    if (operators.size !== 1) return undefined;
    if (name === "$slice") {
      const apply = slicer(operand);
      return apply === undefined ? undefined : { node: { kind: "transform", apply }, asks: undefined };
    }
    if (name !== "$elemMatch") return undefined;
    if (path.includes(".")) {
      throw new MongoError(31275, "Location31275", "Cannot use $elemMatch projection on a nested field");
    }
    if (!isDoc(operand))
      throw new MongoError(31274, "Location31274", "elemMatch: Invalid argument, object required");
    const matches = elemMatchTest(operand, path, (filter) => compileFilter(filter, environment));
    const expression = ({ root }: { root: Doc }): Value | undefined => {
      const value = root.get(path);
      const found = Array.isArray(value) ? value.find((item) => matches([item])) : undefined;
      return found === undefined ? undefined : [found];
    };
    return { node: { kind: "compute", expression }, asks: "inclusion" };
  };
}

/**
 * Compiles a projection of `find`: inclusion, exclusion, `_id`, dotted paths, `$slice`, `$elemMatch` and computed
 * fields. An empty one leaves documents as they are. The positional `$` and `$meta` are refused.
 */
export function compileProjection(spec: Doc, environment?: Environment): (doc: Doc) => Doc {
  if (spec.size === 0) return (doc) => doc;
  const known = environment ?? { now: new Date(), variables: new Map() };
  return compileProjectionSpec(spec, known, specialNodes(known));
}
