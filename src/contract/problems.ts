/** Every code that an error answer may carry. A code is a promise: clients switch over it. */
export type ProblemCode = keyof typeof problems;

interface Problem {
  readonly status: number;
  readonly title: string;
  readonly trpc:
    | "BAD_REQUEST"
    | "UNAUTHORIZED"
    | "FORBIDDEN"
    | "NOT_FOUND"
    | "CONFLICT"
    | "PAYLOAD_TOO_LARGE"
    | "UNSUPPORTED_MEDIA_TYPE"
    | "TOO_MANY_REQUESTS"
    | "SERVICE_UNAVAILABLE"
    | "INTERNAL_SERVER_ERROR";
}

/** The one table from codes to HTTP and tRPC, total by type. */
export const problems = {
  invalid_goal_id: { status: 400, title: "The goal's id is not 24 hexadecimal digits.", trpc: "BAD_REQUEST" },
  invalid_body: {
    status: 400,
    title: 'The body must be {"agree": false} and nothing else.',
    trpc: "BAD_REQUEST",
  },
  invalid_request: { status: 400, title: "The request is not understood.", trpc: "BAD_REQUEST" },
  unauthenticated: { status: 401, title: "Sign in first.", trpc: "UNAUTHORIZED" },
  forbidden: { status: 403, title: "This is not open to you.", trpc: "FORBIDDEN" },
  wrong_origin: { status: 403, title: "The request came from another site.", trpc: "FORBIDDEN" },
  goal_not_found: { status: 404, title: "There is no such goal.", trpc: "NOT_FOUND" },
  session_not_found: { status: 404, title: "There is no such session.", trpc: "NOT_FOUND" },
  channel_not_found: { status: 404, title: "There is no such channel.", trpc: "NOT_FOUND" },
  user_not_found: { status: 404, title: "There is no such account.", trpc: "NOT_FOUND" },
  bulk_not_found: { status: 404, title: "There is no such action on many goals.", trpc: "NOT_FOUND" },
  action_refused: { status: 409, title: "The state of things does not allow this.", trpc: "CONFLICT" },
  selection_changed: {
    status: 409,
    title: "The selection is no longer what was confirmed; look again.",
    trpc: "CONFLICT",
  },
  goal_not_active: { status: 409, title: "The goal has ended already.", trpc: "CONFLICT" },
  body_too_large: { status: 413, title: "The body is larger than is taken here.", trpc: "PAYLOAD_TOO_LARGE" },
  unsupported_media_type: {
    status: 415,
    title: "The body must be application/json.",
    trpc: "UNSUPPORTED_MEDIA_TYPE",
  },
  rate_limited: { status: 429, title: "Too many requests; try again later.", trpc: "TOO_MANY_REQUESTS" },
  internal_error: { status: 500, title: "Something went wrong on our side.", trpc: "INTERNAL_SERVER_ERROR" },
  unavailable: { status: 503, title: "Not confirmed; repeating is safe.", trpc: "SERVICE_UNAVAILABLE" },
} as const satisfies Record<string, Problem>;

/** An error that a caller may be told of, by its code. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly code: ProblemCode;
  /** When repeating makes sense, in whole seconds; sent as `Retry-After`. */
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ProblemCode, options: { retryAfterSeconds?: number; cause?: unknown } = {}) {
    super(problems[code].title, { cause: options.cause });
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
