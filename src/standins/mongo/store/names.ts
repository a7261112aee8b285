import { MongoError } from "../error.ts";

const MAX_DATABASE_NAME = 63;
const MAX_NAMESPACE_BYTES = 255;

/** Checks the name of a database. Throws 73 (InvalidNamespace). */
export function requireDatabaseName(db: string): void {
  if (db.length > 0 && db.length <= MAX_DATABASE_NAME && !/[/\\. "$\0]/.test(db)) return;
  throw new MongoError(73, "InvalidNamespace", `Invalid database name: '${db}'`);
}

/** Checks the name of a collection to read from. Throws 73 (InvalidNamespace). */
export function requireCollectionName(db: string, name: string): void {
  if (name !== "" && !name.startsWith(".") && !name.includes("\0")) return;
  throw new MongoError(73, "InvalidNamespace", `Invalid namespace specified '${db}.${name}'`);
}

/** Checks the name of a collection that is about to be made. Throws 73 (InvalidNamespace). */
export function requireWritableName(db: string, name: string): void {
  requireCollectionName(db, name);
  const namespace = `${db}.${name}`;
  if (name.includes("$")) throw new MongoError(73, "InvalidNamespace", `Invalid collection name: ${name}`);
  if (name.startsWith("system.")) {
    throw new MongoError(73, "InvalidNamespace", `Invalid system namespace: ${namespace}`);
  }
  if (Buffer.byteLength(namespace) > MAX_NAMESPACE_BYTES) {
    throw new MongoError(
      73,
      "InvalidNamespace",
      `Fully qualified namespace is too long. Namespace: ${namespace} Max: ${MAX_NAMESPACE_BYTES}`,
    );
  }
}
