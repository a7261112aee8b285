import { ensureIndexes } from "#prisma/indexes.ts";
import { makeDemo } from "#prisma/demo.ts";
import type { AppSettings } from "#src/config/env.ts";
import { sweepSummaries } from "#src/server/operations/console/sweep.ts";
import { createServices } from "#src/server/services.ts";

/** Brings the database into the state that the app expects: its indexes, and on an empty local one the demo data. */
export async function prepareDatabase(settings: AppSettings, { demo }: { demo: boolean }): Promise<void> {
  const services = createServices(settings);
  try {
    await ensureIndexes(services.db.driver);
    if (demo) await makeDemo(services);
    // What was written while nothing ran is found at once, or begun to be: the cron function goes on with it.
    await sweepSummaries(services, { within_ms: 2_000 }).catch((error: unknown) => {
      services.log.warn({ err: error }, "summaries were not swept at the start");
    });
  } finally {
    await services.close();
  }
}
