import { hostname } from "node:os";
import { Double, Long } from "bson";
import { encodeDocument } from "../bson/codec.ts";
import type { Doc } from "../bson/value.ts";
import { MongoError } from "../error.ts";
import { MAX_DOCUMENT_BYTES } from "../store/collection.ts";
import { MAX_MESSAGE_BYTES } from "../wire/frames.ts";
import type { Plain } from "../wire/plain.ts";
import { Arguments } from "./arguments.ts";
import { type CommandContext, type CommandHandler, success } from "./context.ts";

/** The MongoDB version whose behaviour is the model. */
const VERSION = "7.0.14";
const WIRE_VERSION = 21;
const startedAt = performance.timeOrigin;

/**
 * `hello`: a standalone server. It has sessions, so that drivers send `lsid`, but being no replica set it has neither
 * transactions nor retryable writes, and drivers know not to ask. No `topologyVersion`: drivers then poll.
 */
export function hello(context: CommandContext): Doc {
  const legacy = context.name !== "hello";
  return success({
    ...(context.command.get("helloOk") === true ? { helloOk: true } : {}),
    [legacy ? "ismaster" : "isWritablePrimary"]: true,
    maxBsonObjectSize: MAX_DOCUMENT_BYTES,
    maxMessageSizeBytes: MAX_MESSAGE_BYTES,
    maxWriteBatchSize: 100_000,
    localTime: context.now,
    logicalSessionTimeoutMinutes: 30,
    connectionId: 1,
    minWireVersion: 0,
    maxWireVersion: WIRE_VERSION,
    readOnly: false,
  });
}

/** Answers with fields that do not depend on the command. */
const fixed =
  (fields: () => { readonly [name: string]: Plain }): CommandHandler =>
  () =>
    success(fields());

export const ping = fixed(() => ({}));

export const buildInfo = fixed(() => ({
  version: VERSION,
  gitVersion: "goalkeeper-local",
  modules: [],
  versionArray: [...VERSION.split(".").map(Number), 0],
  bits: 64,
  debug: false,
  maxBsonObjectSize: MAX_DOCUMENT_BYTES,
  storageEngines: ["sqlite"],
}));

export const hostInfo = fixed(() => ({
  system: { currentTime: new Date(), hostname: hostname(), cpuAddrSize: 64 },
  os: { type: process.platform, name: process.platform },
  extra: {},
}));

export const connectionStatus = fixed(() => ({
  authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] },
}));

/** `serverStatus`: the little that monitoring asks for. */
export function serverStatus(context: CommandContext): Doc {
  const uptime = (context.now.getTime() - startedAt) / 1000;
  return success({
    host: hostname(),
    version: VERSION,
    process: "mongod",
    pid: Long.fromNumber(process.pid),
    uptime: new Double(uptime),
    uptimeMillis: Long.fromNumber(Math.round(uptime * 1000)),
    localTime: context.now,
    metrics: { cursor: { open: { total: context.cursors.count } } },
    storageEngine: { name: "sqlite", persistent: true },
  });
}

const PARAMETERS: { readonly [name: string]: Plain } = {
  featureCompatibilityVersion: { version: "7.0" },
  authenticationMechanisms: [],
  ttlMonitorEnabled: true,
};

/** `getParameter`: the parameters that clients are known to ask for. */
export function getParameter(context: CommandContext): Doc {
  const args = new Arguments(context.name, context.command);
  const all = args.any(context.name) === "*";
  const wanted = Object.entries(PARAMETERS).filter(([name]) => args.any(name) !== undefined || all);
  args.finish();
  if (wanted.length === 0) throw new MongoError(72, "InvalidOptions", "no option found to get");
  return success(Object.fromEntries(wanted));
}

/** `endSessions`: ends the cursors of the sessions. */
export function endSessions(context: CommandContext): Doc {
  const args = new Arguments(context.name, context.command);
  const sessions = args.documents(context.name) ?? [];
  args.finish();
  context.cursors.endSessions(new Set(sessions.map(sessionText)));
  return success();
}

/** A session's id as text, to compare it. */
export function sessionText(lsid: Doc): string {
  return Buffer.from(encodeDocument(new Map([["id", lsid.get("id") ?? null]]))).toString("latin1");
}
