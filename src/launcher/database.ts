import { ensureIndexes } from "#prisma/indexes.ts";
import { makeDemo } from "#prisma/demo.ts";
import type { AppSettings } from "#src/config/env.ts";
import { createServices } from "#src/server/services.ts";

/** Brings the database into the state that the app expects: its indexes, and on an empty local one the demo data. */
export async function prepareDatabase(settings: AppSettings, { demo }: { demo: boolean }): Promise<void> {
  const services = createServices(settings);
  try {
    await ensureIndexes(services.db.driver);
    if (demo) await makeDemo(services);
  } finally {
    await services.close();
  }
}
