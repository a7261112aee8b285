import { toIndex } from "../bson/numbers.ts";
import { isNumber } from "../bson/types.ts";
import type { Doc, Value } from "../bson/value.ts";
import type { Search } from "../store/find.ts";

/** A pipeline's first stages as a search, and the stages behind them. */
export interface PushedDown {
  readonly search: Search;
  readonly stages: readonly Doc[];
}

/**
 * Takes the `$match`, `$sort`, `$skip` and `$limit` stages at a pipeline's beginning for a search, as far as it means
 * the same: an index can then find and order the documents. A stage that is not well formed is left to the pipeline,
 * which refuses it.
 */
export function pushDown(pipeline: readonly Doc[]): PushedDown {
  const filters: Doc[] = [];
  let sort: Doc | undefined;
  let skip = 0;
  let limit: number | undefined;
  let taken = 0;
  for (const stage of pipeline) {
    const [name, operand] = single(stage);
    const isWindowed = skip > 0 || limit !== undefined;
    const count = positionOf(operand);
    if (name === "$match" && operand instanceof Map && !isWindowed) {
      filters.push(operand);
    } else if (
      name === "$sort" &&
      operand instanceof Map &&
      operand.size > 0 &&
      sort === undefined &&
      !isWindowed
    ) {
      sort = operand;
    } else if (name === "$skip" && count !== undefined) {
      skip += count;
      if (limit !== undefined) limit = Math.max(0, limit - count);
    } else if (name === "$limit" && count !== undefined && count > 0) {
      limit = Math.min(limit ?? count, count);
    } else {
      break;
    }
    taken++;
  }
  const [only = new Map(), ...others] = filters;
  const filter: Doc = others.length === 0 ? only : new Map([["$and", filters]]);
  return { search: { filter, sort, skip, limit }, stages: pipeline.slice(taken) };
}

function single(stage: Doc): readonly [name: string | undefined, operand: Value | undefined] {
  const [first] = stage;
  return stage.size === 1 && first !== undefined ? first : [undefined, undefined];
}

function positionOf(value: Value | undefined): number | undefined {
  const whole = isNumber(value) ? toIndex(value) : undefined;
  return whole !== undefined && whole >= 0 ? whole : undefined;
}
