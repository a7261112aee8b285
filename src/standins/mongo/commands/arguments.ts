import { toIndex } from "../bson/numbers.ts";
import { isNumber, typeName } from "../bson/types.ts";
import type { Doc, Value } from "../bson/value.ts";
import { MongoError } from "../error.ts";

/** Fields that every command may carry. What they ask for is checked once, before the command runs. */
const GENERIC = new Set([
  "$db",
  "lsid",
  "$clusterTime",
  "$readPreference",
  "readConcern",
  "writeConcern",
  "comment",
  "maxTimeMS",
  "apiVersion",
  "apiStrict",
  "apiDeprecationErrors",
]);

/** An option that exists in MongoDB, would change the answer, and is not supported here. */
export function notSupported(what: string): MongoError {
  return new MongoError(115, "CommandNotSupported", `${what} is not supported`);
}

/**
 * Reads the fields of a command, or of one operation within it, by type. `finish` refuses the fields that nobody asked
 * for, so that no option is ignored silently. Errors name the field as MongoDB does: `find.limit`.
 */
export class Arguments {
  readonly #name: string;
  readonly #fields: Doc;
  readonly #known = new Set<string>();

  constructor(name: string, fields: Doc) {
    this.#name = name;
    this.#fields = fields;
  }

  /** The value as it is, or undefined. */
  any(field: string): Value | undefined {
    this.#known.add(field);
    return this.#fields.get(field);
  }

  /** The value, or undefined when it is missing or null. */
  optional(field: string): Exclude<Value, null> | undefined {
    return this.any(field) ?? undefined;
  }

  document(field: string): Doc | undefined {
    const value = this.optional(field);
    if (value === undefined || value instanceof Map) return value;
    throw this.#wrongType(field, value, "object");
  }

  requiredDocument(field: string): Doc {
    return this.document(field) ?? this.#missing(field);
  }

  string(field: string): string | undefined {
    const value = this.optional(field);
    if (value === undefined || typeof value === "string") return value;
    throw this.#wrongType(field, value, "string");
  }

  requiredString(field: string): string {
    return this.string(field) ?? this.#missing(field);
  }

  /** A boolean; a number stands for one, as it does in MongoDB. */
  boolean(field: string): boolean | undefined {
    const value = this.optional(field);
    if (value === undefined || typeof value === "boolean") return value;
    if (isNumber(value)) return toIndex(value) !== 0;
    throw this.#wrongType(field, value, "[bool, long, int, decimal, double]");
  }

  /** A whole number of at least `least`. */
  whole(field: string, least = 0): number | undefined {
    const value = this.optional(field);
    if (value === undefined) return undefined;
    if (!isNumber(value)) throw this.#wrongType(field, value, "[long, int, decimal, double]");
    const whole = toIndex(value);
    if (whole !== undefined && whole >= least) return whole;
    throw new MongoError(
      51024,
      "Location51024",
      `BSON field '${field}' value must be >= ${least}, actual value '${value.toString()}'`,
    );
  }

  documents(field: string): Doc[] | undefined {
    const value = this.optional(field);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) throw this.#wrongType(field, value, "array");
    return value.map((item, position) => {
      if (item instanceof Map) return item;
      throw this.#wrongType(`${field}.${position}`, item, "object");
    });
  }

  requiredDocuments(field: string): Doc[] {
    return this.documents(field) ?? this.#missing(field);
  }

  /** Takes fields that change nothing here. */
  ignore(...fields: readonly string[]): void {
    for (const field of fields) this.#known.add(field);
  }

  /** Refuses fields that are not supported, unless they ask for nothing: false, null, 0 or an empty document. */
  refuse(...fields: readonly string[]): void {
    for (const field of fields) {
      const value = this.optional(field);
      if (value === undefined || value === false) continue;
      if (value instanceof Map && (value.size === 0 || isSimpleCollation(field, value))) continue;
      throw notSupported(`'${this.#name}.${field}'`);
    }
  }

  /** Refuses every field that was not asked for. */
  finish(): void {
    for (const field of this.#fields.keys()) {
      if (this.#known.has(field) || GENERIC.has(field)) continue;
      throw new MongoError(
        40415,
        "IDLUnknownField",
        `BSON field '${this.#name}.${field}' is an unknown field.`,
      );
    }
  }

  #missing(field: string): never {
    throw new MongoError(
      40414,
      "IDLFailedToParse",
      `BSON field '${this.#name}.${field}' is missing but a required field`,
    );
  }

  #wrongType(field: string, value: Value, expected: string): MongoError {
    const wanted = expected.startsWith("[") ? `types '${expected}'` : `type '${expected}'`;
    return new MongoError(
      14,
      "TypeMismatch",
      `BSON field '${this.#name}.${field}' is the wrong type '${typeName(value)}', expected ${wanted}`,
    );
  }
}

/** The collation that compares bytes, which is the only one here. */
const isSimpleCollation = (field: string, value: Doc): boolean =>
  field === "collation" && value.size === 1 && value.get("locale") === "simple";
