import { z } from "zod";

import type { App } from "./catalog.ts";
import { nextCronMs } from "./cron.ts";
import type { Engine } from "./engine.ts";
import { functionConfig, problemsOf, type FunctionConfig } from "./function-config.ts";
import { HttpError } from "./http.ts";

const registration = z.looseObject({
  url: z.url({ protocol: /^https?$/ }),
  appName: z.string().min(1),
  sdk: z.string().default(""),
  functions: z.array(z.unknown()).min(1, "an app must have at least one function"),
});

/** The cron schedules of a function. */
function schedulesOf(config: FunctionConfig): Set<string> {
  return new Set(config.triggers.flatMap((trigger) => ("cron" in trigger ? [trigger.cron] : [])));
}

/** Brings the queued ticks of a function in line with its schedules; a tick that stays keeps its time. */
function reschedule(engine: Engine, functionId: string, wanted: Set<string>, nowMs: number): void {
  const missing = new Set(wanted);
  for (const item of engine.queue.ofFunction(functionId, "cron")) {
    if (item.payload === null || !missing.delete(item.payload)) engine.queue.drop(item.id);
  }
  for (const schedule of missing) {
    const dueMs = nextCronMs(schedule, nowMs);
    if (dueMs === undefined) continue;
    engine.queue.add({
      kind: "cron",
      runId: null,
      stepId: null,
      functionId,
      dueMs,
      rankMs: dueMs,
      lane: [],
      payload: schedule,
    });
  }
}

/**
 * Takes in what an app offers (`POST /fn/register`): all of it or, when one function cannot be done as asked, nothing.
 * @returns the app, and whether anything is different from before
 * @throws HttpError 400 naming every function and option that is refused
 */
export function register(engine: Engine, body: unknown, nowMs: number): { app: App; isModified: boolean } {
  const parsed = registration.safeParse(body);
  if (!parsed.success) throw new HttpError(400, `invalid registration: ${problemsOf(parsed.error)}`);
  const { url, appName, sdk, functions } = parsed.data;

  const configs: FunctionConfig[] = [];
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const given of functions) {
    const result = functionConfig.safeParse(given);
    const id = z.object({ id: z.string() }).safeParse(given).data?.id ?? "a function without id";
    const owner = engine.catalog.byId(id)?.appId;
    if (!result.success) problems.push(`${id}: ${problemsOf(result.error)}`);
    else if (seen.has(id)) problems.push(`${id}: is there twice`);
    else if (owner !== undefined && owner !== appName) problems.push(`${id}: belongs to the app ${owner}`);
    else configs.push(result.data);
    seen.add(id);
  }
  if (problems.length > 0) {
    engine.log(`registration of ${appName} refused: ${problems.join(" | ")}`);
    throw new HttpError(400, `invalid function configuration: ${problems.join(" | ")}`);
  }

  const app: App = { id: appName, url, sdk };
  const isModified = engine.db.transaction(() => {
    const change = engine.catalog.put(app, configs, nowMs);
    for (const id of change.removed) reschedule(engine, id, new Set(), nowMs);
    for (const config of configs) reschedule(engine, config.id, schedulesOf(config), nowMs);
    if (change.removed.length > 0) engine.log(`${appName} no longer has ${change.removed.join(", ")}`);
    return change.isModified;
  });
  engine.catalog.load();
  return { app, isModified };
}
