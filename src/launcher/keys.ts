import { randomBytes, randomInt } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import { readJson, writePrivateJson } from "./private-file.ts";

const keysSchema = z.object({
  inngestEventKey: z.string(),
  inngestSigningKey: z.string(),
  pusherAppId: z.string(),
  pusherKey: z.string(),
  pusherSecret: z.string(),
  authSecret: z.string(),
});

/** The secrets of a local stack. They are as random as real ones: what production signs is signed here as well. */
export type Keys = z.output<typeof keysSchema>;

const hex = (bytes: number) => randomBytes(bytes).toString("hex");

const generate = (): Keys => ({
  inngestEventKey: hex(24),
  inngestSigningKey: `signkey-test-${hex(32)}`,
  pusherAppId: String(randomInt(100_000, 1_000_000)),
  pusherKey: hex(10),
  pusherSecret: hex(10),
  authSecret: hex(32),
});

/** The keys kept in `dataDir/keys.json`, made on first use, so that sign-ins and waiting runs outlive a restart. */
export function localKeys(dataDir: string): Keys {
  const path = join(dataDir, "keys.json");
  const kept = keysSchema.safeParse(readJson(path));
  if (kept.success) return kept.data;
  const keys = generate();
  writePrivateJson(path, keys);
  return keys;
}
