import { randomUUID } from "node:crypto";
import type { ProblemCode } from "#src/contract/problems.ts";
import type { Role } from "#src/contract/roles.ts";

/** One procedure: how it is asked, who may, and what they get where that is no plain answer. */
export type ProcedureRow = [
  method: "GET" | "POST",
  path: string,
  input: () => unknown,
  allowed: readonly Role[],
  told?: [number, ProblemCode],
];

/** What the inputs speak of. */
interface Objects {
  readonly goalId: () => string;
  readonly sessionId: () => string;
}

/** Nobody's id. */
const nobody = "0".repeat(24);
const moderators: readonly Role[] = ["moderator", "admin"];
const admins: readonly Role[] = ["admin"];
const filter = { state: "pending" };
const what = { kind: "failed" };
const retry = { kind: "retry", receivers: ["track_goals"] };

/** What every change by hand says, anew each time. */
export const byHand = () => ({ reason: "To see who may.", request_id: randomUUID() });

const notFound: [number, ProblemCode] = [404, "goal_not_found"];
const refused: [number, ProblemCode] = [409, "action_refused"];
const decision = () => ({ bulk_id: nobody, ...byHand() });

/** Every procedure, asked in a way that changes nothing of weight. The goal is the viewer's, pending with the streamer. */
export const proceduresOf = ({ goalId, sessionId }: Objects): ProcedureRow[] => [
  ["GET", "studio.overview", () => undefined, ["streamer"]],
  ["GET", "me.invitations", () => undefined, ["viewer"]],
  ["GET", "me.receipt", () => ({ goal_id: goalId() }), ["viewer"]],
  ["GET", "admin.goals.list", () => undefined, moderators],
  ["GET", "admin.goals.count", () => ({ filter }), moderators],
  ["GET", "admin.goals.byId", () => ({ goal_id: goalId() }), moderators],
  ["GET", "admin.goals.run", () => ({ goal_id: nobody, run_id: "0".repeat(26) }), moderators, notFound],
  ["GET", "admin.goals.preview", () => ({ goal_id: goalId(), action: retry }), moderators],
  ["POST", "admin.goals.act", () => ({ goal_id: goalId(), action: retry, ...byHand() }), moderators, refused],
  ["GET", "admin.bulk.preview", () => ({ filter, what }), moderators],
  [
    "POST",
    "admin.bulk.start",
    () => ({ filter, what, confirmation: "many", ...byHand() }),
    moderators,
    [409, "selection_changed"],
  ],
  ["POST", "admin.bulk.approve", decision, admins, [404, "bulk_not_found"]],
  ["POST", "admin.bulk.reject", decision, admins, [404, "bulk_not_found"]],
  ["POST", "admin.bulk.stop", decision, moderators, [404, "bulk_not_found"]],
  ["GET", "admin.bulk.list", () => undefined, moderators],
  ["GET", "admin.bulk.byId", () => ({ bulk_id: nobody }), moderators, [404, "bulk_not_found"]],
  ["GET", "admin.ledger.light", () => undefined, moderators],
  ["POST", "admin.ledger.check", byHand, moderators],
  ["GET", "admin.ledger.transfers", () => undefined, moderators],
  ["GET", "admin.ledger.accounts", () => ({ kind: "viewer" }), moderators],
  ["GET", "admin.ledger.openEscrows", () => undefined, moderators],
  ["GET", "admin.sessions.list", () => undefined, moderators],
  ["GET", "admin.sessions.byId", () => ({ session_id: sessionId() }), moderators],
  ["GET", "admin.users.list", () => undefined, moderators],
  [
    "POST",
    "admin.users.setRole",
    () => ({ user_id: nobody, role: "viewer", ...byHand() }),
    admins,
    [404, "user_not_found"],
  ],
  ["GET", "admin.audit.list", () => undefined, moderators],
  ["GET", "admin.overview", () => undefined, moderators],
  ["GET", "admin.search", () => ({ q: "ada" }), moderators],
];
