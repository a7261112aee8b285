import { appSettings } from "#src/config/env.ts";
import { createServices } from "#src/server/services.ts";
import { checkDatabase, checkPusher } from "./check-services.ts";
import { runAsChild } from "./child.ts";
import { prepareDatabase } from "./database.ts";

/** What the launcher orders: whether to make demo data, and which services are real, and may be anything. */
export interface PreparationOrder {
  readonly demo: boolean;
  readonly real?: readonly string[];
}

/** How long a start waits for a database that is just coming up as well. */
const patience_ms = 60_000;

/** A process that prepares the database and is then done with: what it loads would be too much for the launcher. */
runAsChild<PreparationOrder>({
  start: async ({ demo, real = [] }) => {
    const settings = appSettings();
    const say = (line: string) => console.log(`  ${line}`);
    if (real.includes("mongodb")) await checkDatabase(settings, { within_ms: patience_ms, say });
    if (real.includes("pusher")) {
      const services = createServices({ ...settings, LOG_LEVEL: "silent" });
      try {
        await checkPusher(services.live, say);
      } finally {
        await services.close();
      }
    }
    await prepareDatabase(settings, { demo });
    return { ready: undefined, close: async () => undefined };
  },
  closeWithin_ms: 1_000,
});
