import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "inngest/node";
import { functions } from "#inngest/index.ts";
import { ensureIndexes } from "#prisma/indexes.ts";
import type { Source } from "#src/config/env.ts";
import { createServices, type Services } from "#src/server/services.ts";
import { startTestStack } from "./stack.ts";

/** The app's server side without its pages: the services over a stack of its own, and its functions registered. */
export interface TestApp {
  readonly services: Services;
  close(): Promise<void>;
}

/** Starts it. With `functions: false` nothing is served, for tests of the data alone. */
export async function startTestApp(extra: Source = {}, serving = true): Promise<TestApp> {
  const stack = await startTestStack(extra);
  const services = createServices(stack.settings);
  await ensureIndexes(services.db.driver);
  const server = createServer(serve({ client: services.inngest, functions: functions(services) }));
  if (serving) {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const registered = await fetch(`http://127.0.0.1:${port}/api/inngest`, { method: "PUT" });
    const answer = await registered.text();
    if (!answer.includes("Successfully registered")) throw new Error(`Not registered: ${answer}`);
  }
  return {
    services,
    close: async () => {
      server.closeAllConnections();
      if (serving) await new Promise((resolve) => server.close(resolve));
      await services.close();
      await stack.close();
    },
  };
}
