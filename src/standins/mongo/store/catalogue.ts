import { randomBytes } from "node:crypto";
import { decodeDocument, encodeDocument } from "../bson/codec.ts";
import type { Doc } from "../bson/value.ts";
import { Collection, idIndex, idIndexSpec } from "./collection.ts";
import type { Database } from "./database.ts";
import { type Index, indexFromSpec } from "./index-spec.ts";
import { scanCollection } from "./scan.ts";

const SCHEMA = [
  "CREATE TABLE IF NOT EXISTS collections (id INTEGER PRIMARY KEY AUTOINCREMENT, db TEXT NOT NULL, name TEXT NOT NULL, uuid BLOB NOT NULL, UNIQUE (db, name))",
  "CREATE TABLE IF NOT EXISTS indexes (id INTEGER PRIMARY KEY AUTOINCREMENT, collection INTEGER NOT NULL, spec BLOB NOT NULL, multikey TEXT NOT NULL DEFAULT '[]')",
];

/** Which collections and indexes there are. A copy of two small tables is kept in memory. */
export class Catalogue {
  readonly #database: Database;
  readonly #collections = new Map<string, Collection>();

  constructor(database: Database) {
    this.#database = database;
    for (const table of SCHEMA) database.execute(table);
    this.#load();
  }

  /** The collection, or undefined when there is none. */
  find(db: string, name: string): Collection | undefined {
    return this.#collections.get(`${db}.${name}`);
  }

  /** All collections of a database, or of all databases, by name. */
  list(db?: string): Collection[] {
    return [...this.#collections.values()]
      .filter((collection) => db === undefined || collection.db === db)
      .toSorted((a, b) => (a.namespace < b.namespace ? -1 : 1));
  }

  /** Makes a collection that is not there yet, with its index on `_id`. */
  create(db: string, name: string): Collection {
    return this.#database.transaction(() => {
      const uuid = randomBytes(16);
      uuid[6] = ((uuid[6] ?? 0) & 0x0f) | 0x40;
      uuid[8] = ((uuid[8] ?? 0) & 0x3f) | 0x80;
      const id = this.#insertRow("INSERT INTO collections (db, name, uuid) VALUES (?, ?, ?)", db, name, uuid);
      this.#database.execute(`CREATE TABLE docs_${id} (rid INTEGER PRIMARY KEY, body BLOB NOT NULL)`);
      const collection = new Collection(this.#database, { id, db, name, uuid });
      collection.indexes = [idIndex(this.#insertIndexRow(id, idIndexSpec(), true))];
      const key = collection.namespace;
      this.#collections.set(key, collection);
      this.#database.onRollback(() => this.#collections.delete(key));
      return collection;
    });
  }

  /** Removes a collection with all that it holds. */
  drop(collection: Collection): void {
    this.#database.forgetStatements();
    this.#database.transaction(() => {
      for (const index of collection.indexes) this.#database.execute(`DROP TABLE index_${index.id}`);
      this.#database.execute(`DROP TABLE docs_${collection.id}`);
      this.#database.prepare("DELETE FROM indexes WHERE collection = ?").run(collection.id);
      this.#database.prepare("DELETE FROM collections WHERE id = ?").run(collection.id);
    });
    this.#collections.delete(collection.namespace);
  }

  /** Adds an index and fills it. Throws the duplicate key error when it is unique and the documents are not. */
  addIndex(collection: Collection, spec: Doc): void {
    this.#database.transaction(() => {
      const id = this.#insertIndexRow(collection.id, spec, spec.get("unique") === true);
      const index = indexFromSpec(id, spec);
      collection.fill(index, scanCollection(this.#database, collection));
      const before = collection.indexes;
      collection.indexes = [...before, index];
      this.#database.onRollback(() => (collection.indexes = before));
    });
  }

  dropIndex(collection: Collection, index: Index): void {
    this.#database.forgetStatements();
    this.#database.transaction(() => {
      this.#database.execute(`DROP TABLE index_${index.id}`);
      this.#database.prepare("DELETE FROM indexes WHERE id = ?").run(index.id);
    });
    collection.indexes = collection.indexes.filter((other) => other !== index);
  }

  #insertIndexRow(collection: number, spec: Doc, unique: boolean): number {
    const id = this.#insertRow(
      "INSERT INTO indexes (collection, spec) VALUES (?, ?)",
      collection,
      encodeDocument(spec),
    );
    // In a unique index a key belongs to one record; in another, each record has its own entry.
    const primaryKey = unique ? "key" : "key, rid";
    this.#database.execute(
      `CREATE TABLE index_${id} (key BLOB NOT NULL, rid INTEGER NOT NULL, PRIMARY KEY (${primaryKey})) WITHOUT ROWID`,
    );
    return id;
  }

  #insertRow(sql: string, ...values: (string | number | Uint8Array)[]): number {
    return this.#database.prepare(sql).run(...values).lastInsertRowid;
  }

  #load(): void {
    const byId = new Map<number, Collection>();
    for (const row of this.#rows("SELECT id, db, name, uuid FROM collections")) {
      const [id, db, name, uuid] = row;
      if (!(uuid instanceof Uint8Array)) continue;
      const collection = new Collection(this.#database, {
        id: Number(id),
        db: String(db),
        name: String(name),
        uuid,
      });
      byId.set(collection.id, collection);
      this.#collections.set(collection.namespace, collection);
    }
    for (const row of this.#rows("SELECT id, collection, spec, multikey FROM indexes ORDER BY id")) {
      const [id, owner, spec, multikey] = row;
      const collection = byId.get(Number(owner));
      if (collection === undefined || !(spec instanceof Uint8Array)) continue;
      const flags: unknown = JSON.parse(String(multikey));
      const index =
        collection.indexes.length === 0
          ? idIndex(Number(id))
          : indexFromSpec(Number(id), decodeDocument(spec), Array.isArray(flags) ? flags.map(Boolean) : []);
      collection.indexes = [...collection.indexes, index];
    }
  }

  #rows(sql: string): unknown[][] {
    return this.#database
      .prepare(sql)
      .all()
      .filter((row): row is unknown[] => Array.isArray(row));
  }
}
