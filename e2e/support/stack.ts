import { MongoClient } from "mongodb";
import { environment, launcherSettings } from "#src/config/env.ts";
import { readStackFile, type StackDescription } from "#src/launcher/stack-file.ts";

/** The stack that `npm run e2e` has started for the stories. */
export function stack(): StackDescription {
  const { DATA_DIR } = launcherSettings(environment());
  const found = readStackFile(DATA_DIR);
  if (found === undefined)
    throw new Error(`no stack runs on ${DATA_DIR}: the stories are run by npm run e2e`);
  return found;
}

/** Lends a client of the stack's database, with which a story checks that the database agrees. */
export async function withDatabase<T>(
  url: string,
  look: (database: ReturnType<MongoClient["db"]>) => Promise<T>,
): Promise<T> {
  const client = new MongoClient(url);
  try {
    return await look(client.db());
  } finally {
    await client.close();
  }
}
