import "./require-node.js";
import { fileURLToPath } from "node:url";
import { environment } from "#src/config/env.ts";
import { ensureBuild } from "./build.ts";
import { StartError } from "./start-error.ts";

/** Builds the app and does nothing else, as the making of an image wants it: no settings, no services. */
try {
  await ensureBuild({
    root: fileURLToPath(new URL("../..", import.meta.url)),
    env: { ...environment(), NEXT_TELEMETRY_DISABLED: "1" },
    log: (line) => console.log(`  ${line}`),
    signal: new AbortController().signal,
    onPid: () => undefined,
  });
} catch (error) {
  console.error(error instanceof StartError ? error.message : error);
  process.exit(1);
}
