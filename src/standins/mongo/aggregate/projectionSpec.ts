import { toDouble } from "../bson/numbers.ts";
import { isDoc, isNumber } from "../bson/types.ts";
import type { Doc, Value } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import { locationError } from "./arguments.ts";
import { compileExpression } from "./expressions.ts";
import { fieldNames } from "./fieldPath.ts";
import { applyProjection } from "./projection.ts";
import type { ProjectionBranch, ProjectionNode, Unnamed } from "./projection.ts";
import type { Environment, Expression } from "./scope.ts";

/**
 * Compiles operators that only one use of projections knows (`$slice` and `$elemMatch` of `find`): gives the node, and
 * the kind of projection that it asks for, or undefined where the value is none of them.
 */
export type SpecialNode = (
  operators: Doc,
  path: string,
) => { node: ProjectionNode; asks: "inclusion" | undefined } | undefined;

type Kind = "inclusion" | "exclusion";

/** Reads a specification of a projection into a tree. */
class SpecReader {
  readonly root: ProjectionBranch = { kind: "branch", children: new Map() };
  /** The kind that the fields read so far ask for. `_id` asks for none as long as there is another field. */
  kind: Kind | undefined;
  private idKind: Kind | undefined;
  private readonly environment: Environment;
  private readonly special: SpecialNode;

  constructor(environment: Environment, special: SpecialNode) {
    this.environment = environment;
    this.special = special;
  }

  read(spec: Doc, prefix: readonly string[]): void {
    for (const [name, value] of spec) {
      const path = [...prefix, ...pathNames(name)];
      this.readField(path, value);
    }
  }

  private readField(path: readonly string[], value: Value): void {
    const text = path.join(".");
    if (isNumber(value) || typeof value === "boolean") {
      const included = typeof value === "boolean" ? value : toDouble(value) !== 0;
      this.ask(path, included ? "inclusion" : "exclusion");
      this.insert(path, included ? { kind: "include" } : { kind: "exclude" });
      return;
    }
    if (isDoc(value)) {
      const first = value.keys().next().value;
      if (first === undefined) {
        throw locationError(
          51270,
          `An empty sub-projection is not a valid value. Found empty object at path: ${text}`,
        );
      }
      if (!first.startsWith("$")) {
        this.read(value, path);
        return;
      }
      const special = this.special(value, text);
      if (special !== undefined) {
        if (special.asks !== undefined) this.ask(path, special.asks);
        this.insert(path, special.node);
        return;
      }
    }
    if (this.kind === "exclusion") {
      throw locationError(31252, "Cannot use expression other than $meta in exclusion projection");
    }
    this.ask(path, "inclusion");
    this.insert(path, { kind: "compute", expression: compileExpression(value, this.environment) });
  }

  private ask(path: readonly string[], kind: Kind): void {
    const text = path.join(".");
    if (text === "_id") {
      this.idKind = kind;
      return;
    }
    if (this.kind !== undefined && this.kind !== kind) {
      throw kind === "inclusion"
        ? locationError(31253, `Cannot do inclusion on field ${text} in exclusion projection`)
        : locationError(31254, `Cannot do exclusion on field ${text} in inclusion projection`);
    }
    this.kind = kind;
  }

  private insert(path: readonly string[], node: ProjectionNode): void {
    insertNode(this.root, path, node);
  }

  /** Whether the fields that the projection does not name stay or go. */
  unnamed(): Unnamed {
    const kind = this.kind ?? this.idKind ?? "exclusion";
    if (kind === "exclusion") return "stay";
    // An inclusion takes the _id with it, unless it is excluded by name.
    if (!this.root.children.has("_id")) this.root.children.set("_id", { kind: "include" });
    return "go";
  }
}

function pathNames(name: string): string[] {
  if (/(^|\.)\$(\[.*\])?(\.|$)/.test(name)) {
    throw new MongoError(115, "CommandNotSupported", `Positional projection is not supported: '${name}'`);
  }
  return fieldNames(name);
}

/** Puts a node into a tree, and refuses two that collide. */
function insertNode(root: ProjectionBranch, path: readonly string[], node: ProjectionNode): void {
  const text = path.join(".");
  let branch = root;
  for (const [index, name] of path.entries()) {
    const known = branch.children.get(name);
    if (index === path.length - 1) {
      if (known !== undefined) throw locationError(31249, `Path collision at ${text}`);
      branch.children.set(name, node);
      return;
    }
    if (known !== undefined && known.kind !== "branch") {
      const rest = path.slice(index + 1).join(".");
      throw locationError(31250, `Path collision at ${text} remaining portion ${rest}`);
    }
    const next: ProjectionBranch = known ?? { kind: "branch", children: new Map() };
    branch.children.set(name, next);
    branch = next;
  }
}

/** Compiles a projection of `$project` or (with its special operators) of `find`. */
export function compileProjectionSpec(
  spec: Doc,
  environment: Environment,
  special: SpecialNode = () => undefined,
): (doc: Doc) => Doc {
  const reader = new SpecReader(environment, special);
  reader.read(spec, []);
  const unnamed = reader.unnamed();
  return (doc) => applyProjection(reader.root, unnamed, { root: doc, bindings: undefined });
}

/**
 * Compiles the fields of `$addFields`: every value is an expression, numbers and booleans are themselves. Throws 40177
 * for no field, 40180 for an empty object, 40176 for two fields at one place.
 */
export function compileAddFields(spec: Doc, environment: Environment): (doc: Doc) => Doc {
  if (spec.size === 0) throw locationError(40177, "specification must have at least one field");
  const root: ProjectionBranch = { kind: "branch", children: new Map() };
  const read = (fields: Doc, prefix: readonly string[]): void => {
    for (const [name, value] of fields) {
      const path = [...prefix, ...fieldNames(name)];
      const first = isDoc(value) ? (value.keys().next().value ?? "") : "$";
      if (first === "") {
        throw locationError(
          40180,
          `an empty object is not a valid value. Found empty object at path ${path.join(".")}`,
        );
      }
      if (isDoc(value) && !first.startsWith("$")) read(value, path);
      else addComputed(root, path, compileExpression(value, environment));
    }
  };
  read(spec, []);
  return (doc) => applyProjection(root, "stay", { root: doc, bindings: undefined });
}

function addComputed(root: ProjectionBranch, path: readonly string[], expression: Expression): void {
  try {
    insertNode(root, path, { kind: "compute", expression });
  } catch (error) {
    if (!(error instanceof MongoError)) throw error;
    throw locationError(40176, `specification contains two conflicting paths. ${error.message}`);
  }
}

/** Compiles the removal of fields by their dotted paths: `$unset` as a stage. */
export function compileRemoval(paths: readonly string[]): (doc: Doc) => Doc {
  const root: ProjectionBranch = { kind: "branch", children: new Map() };
  for (const path of paths) insertNode(root, fieldNames(path), { kind: "exclude" });
  return (doc) => applyProjection(root, "stay", { root: doc, bindings: undefined });
}
