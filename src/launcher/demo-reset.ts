import "./require-node.js";
import { parseArgs } from "node:util";
import { resetDemo } from "#prisma/demo.ts";
import { environment } from "#src/config/env.ts";
import { createServices } from "#src/server/services.ts";
import { runCommand, UsageError } from "./command.ts";
import { runningStack } from "./running-stack.ts";

/** `npm run demo:reset`: makes the demo data anew, also under a running app. It never touches a real database. */
await runCommand("Usage: npm run demo:reset", async () => {
  try {
    parseArgs({ allowPositionals: false, options: {} });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const { settings, demo } = runningStack(environment());
  if (!demo)
    return { refused: "Production settings are given: demo data is made anew on a wholly local stack only." };
  const services = createServices(settings);
  try {
    await resetDemo(services);
    return { done: "The demo data is as it was at the first start." };
  } finally {
    await services.close();
  }
});
