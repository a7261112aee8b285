import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { environment } from "#src/config/env.ts";
import { demoPassword } from "#src/contract/demo-accounts.ts";
import { withoutProductionSettings } from "#src/launcher/mode.ts";
import { freePort } from "#src/launcher/ports.ts";
import { readStackFile } from "#src/launcher/stack-file.ts";
import { startStackProcess } from "#src/testing/stack-process.ts";
import type { Bench } from "./benchmark.ts";

/** Signs a demo account in; gives the `Authorization` header that goes with it. */
async function signIn(app: string, email: string): Promise<string> {
  const response = await fetch(`${app}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password: demoPassword }),
  });
  const token = response.headers.get("set-auth-token");
  if (!response.ok || token === null) throw new Error(`${email} cannot sign in: ${response.status}`);
  return `Bearer ${token}`;
}

/** How long each stack of this process took until everything answered. */
const starts_ms: number[] = [];

/**
 * Starts a stack for one benchmark: `npm start` in production, over local services, in a folder of its own that is gone
 * at the end. What it says is kept, and said when it does not come up.
 */
export async function startBenchStack(
  settings: Readonly<Record<string, string>> = {},
): Promise<Bench & AsyncDisposable> {
  await using cleanup = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), "goalkeeper-bench-"));
  cleanup.defer(() => rm(dataDir, { recursive: true, force: true }));
  const said: string[] = [];
  const env = {
    ...withoutProductionSettings(environment()),
    DATA_DIR: dataDir,
    PORT: String(await freePort("127.0.0.1")),
    LOG_LEVEL: "warn",
    ...settings,
  };
  const began = performance.now();
  const isUp = () => Promise.resolve(readStackFile(dataDir) !== undefined);
  const running = await startStackProcess(env, isUp, { onOutput: (text) => said.push(text) }).catch(
    (error: unknown) => {
      throw new Error(`The stack did not come up:\n${said.join("")}`, { cause: error });
    },
  );
  cleanup.defer(() => running.stop());
  starts_ms.push(performance.now() - began);
  const stack = readStackFile(dataDir);
  if (stack === undefined) throw new Error("The stack does not describe itself.");
  const mongo = new MongoClient(stack.database);
  cleanup.defer(() => mongo.close());

  const authorization = await signIn(stack.app, "ada@example.com");
  const owned = cleanup.move();
  return {
    stack,
    dataDir,
    mongo,
    authorization,
    starts_ms,
    signIn: (email) => signIn(stack.app, email),
    log: (line) => console.log(`  ${line}`),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
