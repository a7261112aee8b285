import { appSettings } from "#src/config/env.ts";
import { runAsChild } from "./child.ts";
import { prepareDatabase } from "./database.ts";

/** A process that prepares the database and is then done with: what it loads would be too much for the launcher. */
runAsChild<{ demo: boolean }>({
  start: async ({ demo }) => {
    await prepareDatabase(appSettings(), { demo });
    return { ready: undefined, close: async () => undefined };
  },
  closeWithin_ms: 1_000,
});
