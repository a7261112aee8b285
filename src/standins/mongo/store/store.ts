import type { Value } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import { Catalogue } from "./catalogue.ts";
import { boundsFor } from "./bounds.ts";
import type { Collection, StoredRecord } from "./collection.ts";
import { Database } from "./database.ts";
import { type Found, type Search, find } from "./find.ts";
import type { Index } from "./index-spec.ts";
import { requireWritableName } from "./names.ts";
import { scanIndex } from "./scan.ts";

/** Everything that is kept: databases, collections, documents, indexes. */
export class Store {
  readonly catalogue: Catalogue;
  readonly #database: Database;

  /** Opens the store in `folder`. Throws when another process has it open. */
  constructor(folder: string) {
    this.#database = new Database(folder);
    this.catalogue = new Catalogue(this.#database);
  }

  /** Finds documents; a collection that does not exist has none. */
  find(collection: Collection, search: Search): Found {
    return find(this.#database, collection, search);
  }

  /** The records whose value in a single-field index lies between two values, both included; at most `most`. */
  findInRange(
    collection: Collection,
    index: Index,
    lower: Value,
    upper: Value,
    most: number,
  ): StoredRecord[] {
    const [field] = index.fields;
    const constraint = {
      path: field?.path ?? "",
      lower: { value: lower, inclusive: true },
      upper: { value: upper, inclusive: true },
    };
    const { ranges } = boundsFor(index, [constraint]);
    const records: StoredRecord[] = [];
    for (const record of scanIndex(this.#database, collection, index, ranges, {}, new Set())) {
      if (records.push(record) >= most) break;
    }
    return records;
  }

  /** The collection to write to, made if need be. */
  ensure(db: string, name: string): Collection {
    const existing = this.catalogue.find(db, name);
    if (existing !== undefined) return existing;
    requireWritableName(db, name);
    return this.catalogue.create(db, name);
  }

  /** The collection, or error 26 in the words given. */
  require(db: string, name: string, message: string): Collection {
    const collection = this.catalogue.find(db, name);
    if (collection === undefined) throw new MongoError(26, "NamespaceNotFound", message);
    return collection;
  }

  /** Runs writes in one transaction: all of them stay, or none. May be nested. */
  transaction<Result>(work: () => Result): Result {
    return this.#database.transaction(work);
  }

  /** Flushes and closes the file. */
  close(): void {
    this.#database.close();
  }
}
