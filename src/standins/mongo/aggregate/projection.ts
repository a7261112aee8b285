import { isDoc } from "../bson/types.ts";
import type { Doc, Value } from "../bson/value.ts";
import type { Expression, Scope } from "./scope.ts";

/** What happens to a field. A branch goes on to the fields below it. */
export type ProjectionNode =
  | { readonly kind: "include" }
  | { readonly kind: "exclude" }
  | { readonly kind: "compute"; readonly expression: Expression }
  | { readonly kind: "transform"; readonly apply: (value: Value) => Value }
  | ProjectionBranch;

/** A projection's fields by name, in the order of its specification. */
export interface ProjectionBranch {
  readonly kind: "branch";
  readonly children: Map<string, ProjectionNode>;
}

/** Whether the fields that a projection does not name stay ("exclusion", `$addFields`) or go ("inclusion"). */
export type Unnamed = "stay" | "go";

/** Applies a projection to a document: first what stays of it, then what is computed, from the document as it was. */
export function applyProjection(root: ProjectionBranch, unnamed: Unnamed, scope: Scope): Doc {
  const result = project(root, unnamed, scope.root);
  if (hasComputed(root)) compute(root, result, scope);
  return result;
}

function project(branch: ProjectionBranch, unnamed: Unnamed, doc: Doc): Doc {
  const result: Doc = new Map();
  for (const [name, value] of doc) {
    const projected = projectField(branch.children.get(name), unnamed, value);
    if (projected !== undefined) result.set(name, projected);
  }
  return result;
}

function projectField(node: ProjectionNode | undefined, unnamed: Unnamed, value: Value): Value | undefined {
  if (node === undefined) return unnamed === "stay" ? value : undefined;
  switch (node.kind) {
    case "include":
      return value;
    case "exclude":
      return undefined;
    case "transform":
      return node.apply(value);
    case "compute":
      // Where the others stay it keeps its place, to be overwritten; else it comes behind what is included.
      return unnamed === "stay" ? value : undefined;
    case "branch":
      return projectBelow(node, unnamed, value);
  }
}

/** Goes on below a value: into a document, into each element of an array. A scalar has no fields to include. */
function projectBelow(branch: ProjectionBranch, unnamed: Unnamed, value: Value): Value | undefined {
  if (isDoc(value)) return project(branch, unnamed, value);
  if (Array.isArray(value)) {
    return value.flatMap((item) => {
      const projected = projectBelow(branch, unnamed, item);
      // The brackets keep flatMap from taking an inner array apart.
      return projected === undefined ? [] : [projected];
    });
  }
  return unnamed === "stay" ? value : undefined;
}

function hasComputed(branch: ProjectionBranch): boolean {
  for (const node of branch.children.values()) {
    if (node.kind === "compute" || (node.kind === "branch" && hasComputed(node))) return true;
  }
  return false;
}

function compute(branch: ProjectionBranch, result: Doc, scope: Scope): void {
  for (const [name, node] of branch.children) {
    if (node.kind === "compute") {
      const value = node.expression(scope);
      if (value === undefined) result.delete(name);
      else result.set(name, value);
    } else if (node.kind === "branch" && hasComputed(node)) {
      result.set(name, computeBelow(node, result.get(name), scope));
    }
  }
}

/** Sets computed fields below a value; where that is no document (nor an array of them), one takes its place. */
function computeBelow(branch: ProjectionBranch, value: Value | undefined, scope: Scope): Value {
  if (Array.isArray(value)) return value.map((item) => computeBelow(branch, item, scope));
  const result: Doc = isDoc(value) ? new Map(value) : new Map();
  compute(branch, result, scope);
  return result;
}
