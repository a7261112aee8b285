import { rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { AppSettings } from "#src/config/env.ts";
import { readJson, writePrivateJson } from "./private-file.ts";

const stackSchema = z.object({
  app: z.string(),
  database: z.string(),
  inngest: z.string(),
  pusher: z.object({
    appId: z.string(),
    key: z.string(),
    secret: z.string(),
    host: z.string(),
    port: z.number(),
  }),
});

/** How a running local stack describes itself to scripts and tests (interface: `$DATA_DIR/stack.json`). */
export type StackDescription = z.output<typeof stackSchema>;

const fileOf = (dataDir: string) => join(dataDir, "stack.json");

/** Describes the stack that runs by these settings. */
export const describeStack = (settings: AppSettings, app: string): StackDescription => ({
  app,
  database: settings.DATABASE_URL,
  inngest: settings.INNGEST_BASE_URL ?? settings.INNGEST_DEV ?? "https://api.inngest.com",
  pusher: {
    appId: settings.PUSHER_APP_ID,
    key: settings.PUSHER_KEY,
    secret: settings.PUSHER_SECRET,
    host: settings.PUSHER_HOST ?? `api-${settings.PUSHER_CLUSTER}.pusher.com`,
    port: settings.PUSHER_PORT ?? (settings.PUSHER_TLS ? 443 : 80),
  },
});

export const writeStackFile = (dataDir: string, stack: StackDescription): void =>
  writePrivateJson(fileOf(dataDir), stack);

export const removeStackFile = (dataDir: string): void => rmSync(fileOf(dataDir), { force: true });

/** The stack that runs on this folder; undefined when none does. */
export function readStackFile(dataDir: string): StackDescription | undefined {
  const parsed = stackSchema.safeParse(readJson(fileOf(dataDir)));
  return parsed.success ? parsed.data : undefined;
}
