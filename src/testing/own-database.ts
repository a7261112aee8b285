import { randomBytes } from "node:crypto";
import { MongoClient } from "mongodb";

/** A database of a test's own on the server of this URL, by a name that nobody else has. */
export function ownDatabase(url: string): string {
  const parts = new URL(url);
  parts.pathname = `/goalkeeper_test_${randomBytes(6).toString("hex")}`;
  return parts.href;
}

/** Drops the database that this URL names. */
export async function dropDatabase(url: string): Promise<void> {
  const client = new MongoClient(url);
  try {
    await client.db().dropDatabase();
  } finally {
    await client.close();
  }
}
