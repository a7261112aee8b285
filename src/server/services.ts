import { setTimeout as wait } from "node:timers/promises";
import type { MongoClient } from "mongodb";
import { createInngest, type InngestClient } from "#inngest/client.ts";
import { observe } from "#inngest/observe.ts";
import { type AppSettings, appSettings } from "#src/config/env.ts";
import { type Database, keepConnecting, openDatabase, openMongo } from "./data/database.ts";
import { type Auth, openAuth } from "./gateways/accounts.ts";
import { type Live, openLive } from "./gateways/live.ts";
import { type Log, openLog, secretsOf } from "./gateways/log.ts";
import { type Metrics, openMetrics, processMetrics } from "./gateways/metrics.ts";
import { openScopes, type Scopes } from "./gateways/scopes.ts";
import { openTraces, type Traces } from "./gateways/traces.ts";
import { type Limits, openLimits } from "./http/limits.ts";
import { type GoalNews, openGoalNews } from "./operations/console/goal-news.ts";
import { closeAtTheEnd } from "./stopping.ts";

/** Everything that operations work with, wired once. */
export interface Services {
  readonly settings: AppSettings;
  readonly log: Log;
  readonly clock: () => Date;
  readonly mongo: MongoClient;
  readonly db: Database;
  readonly auth: Auth;
  readonly live: Live;
  readonly metrics: Metrics;
  /** What the work under way belongs to, for its log and its traces. */
  readonly scopes: Scopes;
  readonly traces: Traces;
  readonly inngest: InngestClient;
  /** To be told of every goal that was written. */
  readonly news: GoalNews;
  readonly limits: Limits;
  close(): Promise<void>;
}

/** How long what is still to be told may take, when all is closed. */
const settle_ms = 3_000;

/** Wires the services for these settings. The database is connected to in the background. */
export function createServices(settings: AppSettings, metrics = openMetrics()): Services {
  const scopes = openScopes();
  const log = openLog(settings.LOG_LEVEL, {
    secrets: secretsOf(settings),
    fields: () => scopes.current().fields,
  });
  const traces = openTraces(settings, scopes, log);
  const mongo = openMongo(settings.DATABASE_URL);
  const connecting = keepConnecting(mongo);
  const db = openDatabase(mongo);
  const live = openLive(settings, log, traces);
  const clock = () => new Date();
  const news = openGoalNews({ settings, log, clock, db, live });
  return {
    settings,
    log,
    clock,
    mongo,
    db,
    auth: openAuth(db.driver, settings, live, log),
    live,
    metrics,
    scopes,
    traces,
    inngest: createInngest(settings, log, [observe({ db, log, metrics, scopes, traces, clock })]),
    news,
    limits: openLimits(settings),
    close: async () => {
      // A Pusher that hangs keeps nobody from closing the rest: its hints are lost, and pages look again by themselves.
      await Promise.race([news.settle(), wait(settle_ms, undefined, { ref: false })]);
      connecting.stop();
      await mongo.close();
      await traces.close();
    },
  };
}

const shared = globalThis as { goalkeeperServices?: Services };

/** The app's own services, from its settings; one set for the process, also across hot reloads, closed at its end. */
export function services(): Services {
  if (shared.goalkeeperServices === undefined) {
    const made = createServices(appSettings(), processMetrics());
    closeAtTheEnd(() => made.close());
    shared.goalkeeperServices = made;
  }
  return shared.goalkeeperServices;
}
