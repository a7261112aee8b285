import { type ProblemCode, problems } from "#src/contract/problems.ts";

/** The answers of an operation that are problems, one for each HTTP status among these codes. */
function problemAnswers(codes: readonly ProblemCode[]) {
  const byStatus = Map.groupBy(codes, (code) => problems[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      String(status),
      {
        description: group.map((code) => `\`${code}\`: ${problems[code].title}`).join(" "),
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
        ...(status === 429 || status === 503
          ? { headers: { "Retry-After": { description: "Seconds.", schema: { type: "integer" } } } }
          : {}),
      },
    ]),
  );
}

const objectId = { type: "string", pattern: "^[0-9a-f]{24}$" };
const time = { type: "string", format: "date-time" };
const json = (schema: object) => ({ content: { "application/json": { schema } } });
const pathParameter = (name: string, schema: object) => [{ name, in: "path", required: true, schema }];
const signedIn = [{ session: [] }, { bearer: [] }];

/** OpenAPI 3.1 of the public routes, as `GET /openapi.json` gives it. */
export const openApi = {
  openapi: "3.1.0",
  info: {
    title: "Goalkeeper",
    version: "1",
    description: "Ends 1-on-1 invitations well: exactly once, and in front of everyone's eyes.",
  },
  paths: {
    "/goals/{goal_id}": {
      delete: {
        summary: "Decline an invitation.",
        description: "Answered before anything is done: what follows is durable, and repeating is harmless.",
        security: signedIn,
        parameters: pathParameter("goal_id", objectId),
        requestBody: {
          required: true,
          ...json({
            type: "object",
            properties: { agree: { const: false } },
            required: ["agree"],
            additionalProperties: false,
          }),
        },
        responses: {
          "202": {
            description: "Accepted; `event_id` is the id of the `goal.deactivate` event.",
            ...json({
              type: "object",
              properties: { goal_id: objectId, status: { const: "accepted" }, event_id: { type: "string" } },
              required: ["goal_id", "status", "event_id"],
            }),
          },
          "200": {
            description: "This streamer had declined it already.",
            ...json({
              type: "object",
              properties: { goal_id: objectId, status: { const: "already_ended" }, ended: time },
              required: ["goal_id", "status", "ended"],
            }),
          },
          ...problemAnswers([
            "invalid_goal_id",
            "invalid_body",
            "unauthenticated",
            "wrong_origin",
            "goal_not_found",
            "goal_not_active",
            "body_too_large",
            "unsupported_media_type",
            "rate_limited",
            "unavailable",
          ]),
        },
      },
    },
    "/sessions/{session_id}/token": {
      get: {
        summary: "The session as its streamer or a viewer sees it, with a signed token.",
        security: signedIn,
        parameters: pathParameter("session_id", objectId),
        responses: {
          "200": {
            description: "The token view.",
            ...json({
              type: "object",
              properties: {
                token: { type: "string", description: "A JWT." },
                expires: time,
                session: { type: "object" },
                pair: { type: ["object", "null"] },
              },
              required: ["token", "expires", "session", "pair"],
            }),
          },
          ...problemAnswers(["unauthenticated", "session_not_found", "unavailable"]),
        },
      },
    },
    "/channels/{name}/data": {
      get: {
        summary: "What a page reads when it subscribes to a live channel.",
        security: signedIn,
        parameters: pathParameter("name", { type: "string" }),
        responses: {
          "200": { description: "The channel's snapshot.", ...json({ type: "object" }) },
          ...problemAnswers(["unauthenticated", "channel_not_found", "unavailable"]),
        },
      },
    },
    "/healthz": {
      get: { summary: "Whether the app is alive.", responses: { "200": { description: "It is." } } },
    },
    "/readyz": {
      get: {
        summary: "Whether every dependency answers.",
        responses: {
          "200": { description: "Each does." },
          "503": { description: "The answer names those that do not." },
        },
      },
    },
    "/metrics": {
      get: {
        summary: "Prometheus text.",
        security: [{ bearer: [] }],
        responses: { "200": { description: "The metrics." }, ...problemAnswers(["unauthenticated"]) },
      },
    },
  },
  components: {
    securitySchemes: {
      session: { type: "apiKey", in: "cookie", name: "better-auth.session_token" },
      bearer: { type: "http", scheme: "bearer" },
    },
    schemas: {
      Problem: {
        type: "object",
        description: "RFC 9457.",
        properties: {
          type: { type: "string", format: "uri" },
          title: { type: "string" },
          status: { type: "integer" },
          code: { type: "string", enum: Object.keys(problems) },
          instance: { type: "string" },
        },
        required: ["type", "title", "status", "code", "instance"],
      },
    },
  },
};
