import type {
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
} from "bson";

/**
 * A BSON document in memory. A Map, because a JavaScript object would move keys such as "2" to the front and
 * has a prototype; MongoDB keeps keys in the order in which they were written.
 */
export type Doc = Map<string, Value>;

/**
 * A BSON value in memory, with its exact type: numbers are never plain JavaScript numbers, so that an Int32 that
 * comes in goes out as one. `undefined` never stands for a value: it means "missing".
 */
export type Value =
  | Doc
  | Value[]
  | string
  | boolean
  | null
  | Date
  | Int32
  | Double
  | Long
  | Decimal128
  | ObjectId
  | Binary
  | BSONRegExp
  | BSONSymbol
  | Timestamp
  | Code
  | DBRef
  | MinKey
  | MaxKey;
