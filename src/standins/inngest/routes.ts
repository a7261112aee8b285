import type { IncomingMessage } from "node:http";

import { saveCheckpoint } from "./checkpoint.ts";
import type { Engine } from "./engine.ts";
import { receive } from "./events.ts";
import type { Executor } from "./executor.ts";
import { HttpError, parseJson } from "./http.ts";
import { register } from "./registration.ts";
import * as v1 from "./rest.ts";
import * as v2 from "./rest-v2.ts";
import { hashedSigningKey, sameText } from "./signature.ts";

/** What a route is given. */
interface Call {
  request: IncomingMessage;
  /** What the path's pattern captured, decoded. */
  parts: string[];
  query: URLSearchParams;
  body: string;
}

interface Route {
  method: string;
  path: RegExp;
  /** Who may: anyone, who knows the event key in the path, or who shows the signing key. */
  auth: "none" | "event-key" | "signing-key";
  answer: (call: Call) => unknown;
}

/** What the server was started with and what its routes act on. */
export interface RouteOptions {
  engine: Engine;
  executor: Executor;
  eventKey: string;
  signingKey: string | undefined;
  /** Is told that an app has registered. */
  onRegistered: (appId: string) => void;
}

/** Parts of the real API that are known and left out, by what they are for. */
const LEFT_OUT: [RegExp, string][] = [
  [/^\/v1\/checkpoint/, "a durable endpoint (synchronous checkpoints)"],
  [/^\/v1\/http\//, "a durable endpoint"],
  [/^\/v1\/realtime\//, "realtime"],
  [/^\/v1\/signals/, "signals"],
  [/^\/v1\/cancellations/, "bulk cancellation"],
  [/^\/v1\/runs\/[^/]+\/(metadata|jobs)/, "run metadata and jobs"],
  [/^\/v1\/(apps|prom|traces|connect)/, "this part of the API"],
  [/^\/v0\/(connect|gql)/, "connect and GraphQL"],
  [/^(\/api)?\/v2\//, "this part of the v2 API"],
];

/** Makes the function that answers a request: status and JSON. */
export function makeRouter(options: RouteOptions) {
  const { engine, executor, eventKey, signingKey, onRegistered } = options;
  const hashedKey = signingKey === undefined ? undefined : hashedSigningKey(signingKey);
  const part = (call: Call, index = 0): string => call.parts[index] ?? "";

  const routes: Route[] = [
    {
      method: "GET",
      path: /^\/(health|ready)?$/,
      auth: "none",
      answer: () => ({ status: 200, message: "OK" }),
    },
    {
      method: "POST",
      path: /^\/e\/([^/]+)$/,
      auth: "event-key",
      answer: ({ request, body }) => {
        const seed = request.headers["x-inngest-event-id-seed"];
        const ids = receive(engine, body, Array.isArray(seed) ? seed[0] : seed, Date.now());
        return { ids, status: 200 };
      },
    },
    {
      method: "POST",
      path: /^\/fn\/register$/,
      auth: "signing-key",
      answer: ({ body }) => {
        const { app, isModified } = register(engine, parseJson(body), Date.now());
        onRegistered(app.id);
        return { ok: true, modified: isModified, status: 200 };
      },
    },
    {
      method: "POST",
      path: /^\/v1\/checkpoint\/([^/]+)\/async$/,
      auth: "signing-key",
      answer: (call) => {
        saveCheckpoint(engine, executor, part(call), parseJson(call.body), Date.now());
        return {};
      },
    },
    {
      method: "GET",
      path: /^\/v1\/events$/,
      auth: "signing-key",
      answer: ({ query }) => v1.eventList(engine, query),
    },
    {
      method: "GET",
      path: /^\/v1\/events\/([^/]+)$/,
      auth: "signing-key",
      answer: (call) => v1.eventById(engine, part(call)),
    },
    {
      method: "GET",
      path: /^\/v1\/events\/([^/]+)\/runs$/,
      auth: "signing-key",
      answer: (call) => v1.runsByEvent(engine, part(call)),
    },
    {
      method: "GET",
      path: /^\/v1\/runs\/([^/]+)$/,
      auth: "signing-key",
      answer: (call) => v1.runById(engine, part(call)),
    },
    {
      method: "DELETE",
      path: /^\/v1\/runs\/([^/]+)$/,
      auth: "signing-key",
      answer: (call) => {
        v1.cancelRun(engine, part(call));
        return {};
      },
    },
    {
      method: "GET",
      path: /^\/v0\/runs\/([^/]+)\/actions$/,
      auth: "signing-key",
      answer: (call) => v1.runActions(engine, part(call)),
    },
    {
      method: "GET",
      path: /^\/v0\/runs\/([^/]+)\/batch$/,
      auth: "signing-key",
      answer: (call) => v1.runBatch(engine, part(call)),
    },
    {
      method: "GET",
      path: /^(?:\/api)?\/v2\/runs$/,
      auth: "signing-key",
      answer: ({ query }) => v2.runList(engine, query),
    },
    {
      method: "GET",
      path: /^(?:\/api)?\/v2\/runs\/([^/]+)$/,
      auth: "signing-key",
      answer: (call) => v2.runDetail(engine, part(call), call.query),
    },
    {
      method: "GET",
      path: /^(?:\/api)?\/v2\/runs\/([^/]+)\/trace$/,
      auth: "signing-key",
      answer: (call) => v2.runTrace(engine, part(call), call.query),
    },
    {
      method: "GET",
      path: /^(?:\/api)?\/v2\/events\/([^/]+)\/runs$/,
      auth: "signing-key",
      answer: (call) => v2.runListOfEvent(engine, part(call), call.query),
    },
    {
      method: "POST",
      path: /^(?:\/api)?\/v2\/runs\/([^/]+)\/cancel$/,
      auth: "signing-key",
      answer: (call) => v2.runCancel(engine, part(call)),
    },
    {
      method: "POST",
      path: /^(?:\/api)?\/v2\/runs\/([^/]+)\/rerun$/,
      auth: "signing-key",
      answer: (call) => v2.runAgain(engine, part(call), call.body.trim() === "" ? {} : parseJson(call.body)),
    },
  ];

  function authorize(route: Route, call: Call): void {
    if (route.auth === "event-key" && signingKey !== undefined && !sameText(part(call), eventKey)) {
      throw new HttpError(401, "Event key not found");
    }
    if (route.auth !== "signing-key" || signingKey === undefined || hashedKey === undefined) return;
    const shown = /^Bearer (.+)$/.exec(call.request.headers.authorization ?? "")?.[1] ?? "";
    if (!sameText(shown, hashedKey) && !sameText(shown, signingKey)) {
      throw new HttpError(401, "Unauthorized", "invalid_signing_key");
    }
  }

  function decode(text: string): string {
    try {
      return decodeURIComponent(text);
    } catch {
      throw new HttpError(400, "the path cannot be decoded");
    }
  }

  return {
    /**
     * The route of a request, ready to be answered with its body.
     * @throws HttpError 401, 404, 405 or 501, before the body is read
     */
    find(request: IncomingMessage, path: string, query: URLSearchParams): (body: string) => unknown {
      const fitting = routes.filter((route) => route.path.test(path));
      const route = fitting.find(({ method }) => method === request.method);
      if (!route) {
        if (fitting.length > 0) throw new HttpError(405, "Method not allowed");
        const leftOut = LEFT_OUT.find(([pattern]) => pattern.test(path))?.[1];
        if (leftOut === undefined) throw new HttpError(404, `not found: ${path}`, "not_found");
        const message = `${leftOut} is not supported by the local Inngest server: ${path}`;
        throw new HttpError(501, message, "not_implemented");
      }
      const parts = (route.path.exec(path) ?? []).slice(1).map((text) => decode(text ?? ""));
      authorize(route, { request, parts, query, body: "" });
      return (body) => route.answer({ request, parts, query, body });
    },
  };
}
