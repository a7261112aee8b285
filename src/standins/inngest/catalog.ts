import type { Database } from "./database.ts";
import { DEFAULT_RETRIES, type FunctionConfig } from "./function-config.ts";
import { uuidOf } from "./ids.ts";
import { number, text } from "./rows.ts";

/** A function that an app has registered. */
export interface RegisteredFunction {
  /** `<app>-<function>`. */
  id: string;
  /** The id that runs and checkpoints know it by. */
  uuid: string;
  appId: string;
  config: FunctionConfig;
  /** Counts its changes, from 1. */
  version: number;
  maxAttempts: number;
}

/** An app as it registered last. */
export interface App {
  id: string;
  url: string;
  sdk: string;
}

/** What is registered, in memory for every event and on disk for the next start. */
export interface Catalog {
  byId(functionId: string): RegisteredFunction | undefined;
  /** Functions with a trigger of this event name. */
  byEvent(name: string): RegisteredFunction[];
  ofApp(appId: string): RegisteredFunction[];
  apps(): App[];
  /**
   * Replaces what an app offers, in one transaction; tells whether anything is different, and which ids went away. Must be followed
   * by `load` once it is on disk.
   */
  put(app: App, configs: FunctionConfig[], nowMs: number): { isModified: boolean; removed: string[] };
  /** When an app registered last with this process, in milliseconds since the epoch; 0 for not yet. */
  registeredMs(appId: string): number;
  /** Reads again what is on disk. */
  load(): void;
}

/** Makes the catalog of a database. */
export function makeCatalog(db: Database): Catalog {
  let functions = new Map<string, RegisteredFunction>();
  let triggered = new Map<string, RegisteredFunction[]>();
  const registered = new Map<string, number>();

  function load(): void {
    functions = new Map();
    triggered = new Map();
    for (const row of db.all("SELECT * FROM functions WHERE active = 1 ORDER BY id")) {
      const config = JSON.parse(text(row, "config")) as FunctionConfig;
      const fn: RegisteredFunction = {
        id: config.id,
        uuid: uuidOf(config.id),
        appId: text(row, "app_id"),
        config,
        version: number(row, "version"),
        maxAttempts: 1 + (config.steps.step.retries?.attempts ?? DEFAULT_RETRIES),
      };
      functions.set(config.id, fn);
      const names = new Set(
        config.triggers.flatMap((trigger) => ("event" in trigger ? [trigger.event] : [])),
      );
      for (const name of names) triggered.set(name, [...(triggered.get(name) ?? []), fn]);
    }
  }

  load();

  return {
    byId: (functionId) => functions.get(functionId),
    byEvent: (name) => triggered.get(name) ?? [],
    ofApp: (appId) => [...functions.values()].filter((fn) => fn.appId === appId),
    apps: () =>
      db.all("SELECT * FROM apps ORDER BY id").map((row) => ({
        id: text(row, "id"),
        url: text(row, "url"),
        sdk: text(row, "sdk"),
      })),
    registeredMs: (appId) => registered.get(appId) ?? 0,
    put(app, configs, nowMs) {
      db.afterCommit(() => registered.set(app.id, nowMs));
      return db.transaction(() => {
        let isModified = false;
        const offered = new Set(configs.map((config) => config.id));
        db.run(
          "INSERT INTO apps (id, url, sdk, synced_ms) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (id) DO UPDATE SET url = ?2, sdk = ?3, synced_ms = ?4",
          app.id,
          app.url,
          app.sdk,
          nowMs,
        );
        const removed = db
          .all("SELECT id FROM functions WHERE app_id = ? AND active = 1", app.id)
          .map((row) => text(row, "id"))
          .filter((id) => !offered.has(id));
        for (const id of removed) {
          db.run("UPDATE functions SET active = 0 WHERE id = ?", id);
          isModified = true;
        }
        for (const config of configs) {
          const { changes } = db.run(
            `INSERT INTO functions (id, app_id, config, version, active) VALUES (?1, ?2, ?3, 1, 1)
             ON CONFLICT (id) DO UPDATE SET app_id = ?2, config = ?3, version = version + 1, active = 1
             WHERE config <> ?3 OR active = 0 OR app_id <> ?2`,
            config.id,
            app.id,
            JSON.stringify(config),
          );
          isModified ||= changes > 0;
        }
        return { isModified, removed };
      });
    },
    load,
  };
}
