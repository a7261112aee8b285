import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

import type { Standin, StandinOptions } from "../standin.ts";
import { makeCatalog } from "./catalog.ts";
import { openDatabase } from "./database.ts";
import type { Engine } from "./engine.ts";
import { dropExpiredKeys } from "./event-store.ts";
import { ownEvent, takeIn } from "./events.ts";
import { makeExecutor } from "./executor.ts";
import { dropBody, HttpError, readBody, sendJson } from "./http.ts";
import { makeQueue } from "./queue.ts";
import { makeRouter } from "./routes.ts";
import { signingKeyProblem } from "./signature.ts";
import { fireTimer } from "./timers.ts";

/** Requests to apps that may be open at once. */
const MAX_IN_FLIGHT = 64;
/** After a start an app has this long to register before it is called where it was last. */
const HOLD_MS = 10_000;
/** Longer than clients keep a connection, so that they do not write into one that is closing. */
const KEEP_ALIVE_MS = 75_000;
const CLEANING_MS = 3_600_000;

/** How a local Inngest server is started. */
export interface InngestOptions extends StandinOptions {
  /** The key that events are sent with. */
  eventKey: string;
  /** `signkey-<environment>-<hex>`: requests are signed and must be authorized. Left out: dev mode, with neither. */
  signingKey?: string;
  /** Multiplies the waits between attempts; 1 is the real service's. */
  retryScale: number;
  /** How long, in milliseconds, runs of an app that has not registered since the start are held back. */
  holdMs?: number;
}

/** Errors of `POST /e/…`, of v2 and of everything else have each their own form. */
function errorBody(path: string, error: HttpError): object {
  const { status, message, code } = error;
  if (path.startsWith("/e/")) return { ids: [], status, error: message };
  if (/^(\/api)?\/v2(\/|$)/.test(path)) return { errors: [{ code, message }] };
  return { status, error: message };
}

/**
 * Starts a local server that the Inngest SDK cannot tell from the real one for what the README lists. Its state is one
 * SQLite file in `dataDir`; a kill loses no acknowledged event and no run.
 * @throws when the port or the folder cannot be used, or the signing key has another form
 */
export async function startInngest(options: InngestOptions): Promise<Standin> {
  const { host, port, dataDir, log, eventKey, signingKey, retryScale, holdMs = HOLD_MS } = options;
  const problem = signingKey === undefined ? undefined : signingKeyProblem(signingKey);
  if (problem !== undefined) throw new Error(problem);

  const db = openDatabase(dataDir);
  const engine: Engine = {
    db,
    catalog: makeCatalog(db),
    queue: makeQueue(db, log, MAX_IN_FLIGHT),
    retryScale,
    log,
    emit({ name, id, data }) {
      const nowMs = Date.now();
      takeIn(engine, ownEvent(name, data, nowMs, id), nowMs);
    },
  };
  const executor = makeExecutor(engine, { signingKey, maxInFlight: MAX_IN_FLIGHT });

  const heldApps = new Set(engine.catalog.apps().map((app) => app.id));
  function resume(appId: string): void {
    heldApps.delete(appId);
    engine.queue.resume(new Set(engine.catalog.ofApp(appId).map((fn) => fn.id)));
  }
  const holding = setTimeout(() => [...heldApps].forEach(resume), holdMs);
  const cleaning = setInterval(() => dropExpiredKeys(db, Date.now()), CLEANING_MS);
  dropExpiredKeys(db, Date.now());

  const router = makeRouter({ engine, executor, eventKey, signingKey, onRegistered: resume });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = "/", search] = (request.url ?? "/").split("?", 2);
    try {
      const handle = router.find(request, path, new URLSearchParams(search));
      const body = await readBody(request);
      sendJson(response, 200, handle(body));
    } catch (error) {
      if (request.destroyed && !request.complete) return;
      const known =
        error instanceof HttpError ? error : new HttpError(500, "internal error", "internal_error");
      if (!(error instanceof HttpError)) log(`${request.method} ${path} failed here: ${String(error)}`);
      await dropBody(request);
      // More than that is not read: the connection ends with the answer.
      if (!request.complete) response.setHeader("connection", "close");
      sendJson(response, known.status, errorBody(path, known));
    }
  }

  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    void answer(request, response);
  });
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    clearTimeout(holding);
    clearInterval(cleaning);
    db.close();
    throw error;
  }
  engine.queue.start({
    isHeld(functionId) {
      const fn = engine.catalog.byId(functionId);
      return !fn || heldApps.has(fn.appId);
    },
    limitsOf: (functionId) =>
      (engine.catalog.byId(functionId)?.config.concurrency ?? []).map(({ limit }) => limit),
    call: (item) => executor.call(item),
    fire: (item) => fireTimer(engine, item, Date.now()),
  });

  const address = server.address();
  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    clearTimeout(holding);
    clearInterval(cleaning);
    engine.queue.stop();
    executor.close();
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
    db.close();
  }
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    close: () => (closing ??= close()),
  };
}
