import type { ObjectId } from "mongodb";
import type { EndReason } from "#src/contract/events.ts";
import type {
  AuditAction,
  AuditStatus,
  BulkStatus,
  GoalFilter,
  GoalOutcome,
  Money,
} from "#src/contract/console.ts";
import type { ReceiverId, ReceiverStatus } from "#src/contract/receivers.ts";
import type { Role } from "#src/contract/roles.ts";
import type { RefundState } from "#src/domain/ledger.ts";

/** The documents as MongoDB has them (readings, "Documents"). An optional time is absent until it is set. */
export interface GoalDocument {
  _id: ObjectId;
  _cls: "TriggerExclusiveGoal";
  active: boolean;
  progress: number;
  levels: unknown[];
  exp: Date;
  created: Date;
  conditions: { session_id: ObjectId; exclusive_to: ObjectId };
  context: { type: "trigger-exclusive"; exclusive_to: ObjectId };
  metadata: { user_id: ObjectId; insert_ids: ObjectId[]; prepaid_duration: number; cooldown?: Date };
  agreed?: { at: Date };
  deactivated?: { at: Date; by: ObjectId; event_id: string; reason: EndReason };
}

/** What a session remembers of one viewer's invitation. */
export interface InvitationRecord {
  goal: ObjectId;
  trigger_exclusive_goal_ended?: Date;
  trigger_exclusive_goal_cooldown?: Date;
}

/** The live state of a session's pair with one viewer, which pages show. */
export interface PairDocument {
  created: Date;
  trigger_exclusive_goal: ObjectId;
  trigger_exclusive_goal_agreed?: Date;
  trigger_exclusive_goal_ended?: Date;
  trigger_exclusive_goal_cooldown?: Date;
  exclusive_goal?: ObjectId;
  exclusive_goal_ended?: Date;
}

export interface SessionDocument {
  _id: ObjectId;
  user: { id: ObjectId };
  statuses: { created: Date; ended?: Date };
  trigger_private_goals?: Record<string, InvitationRecord>;
  exclusive_goal_pairs?: Record<string, PairDocument>;
}

export interface TransferDocument {
  _id: string;
  insert_id: ObjectId;
  debit: string;
  credit: string;
  amount: number;
  currency: string;
  at: Date;
  escrow_id: string;
  user_id: ObjectId;
  reason: string;
  /** The entry of the audit log under which it was made by hand; absent when nobody did. */
  audit_id?: ObjectId;
}

export interface ReceiverRunDocument {
  _id: ObjectId;
  goal_id: ObjectId;
  receiver: ReceiverId;
  event_id: string;
  status: ReceiverStatus;
  reason?: string;
  error?: string;
  attempt: number;
  /** Inngest's own id of the run, by which its API knows it. */
  run_id?: string;
  started: Date;
  finished?: Date;
}

/** The run of `deactivate_goal` that ended a goal: when it was asked for, when it began, when the signal was sent. */
export interface DeactivationRunDocument {
  _id: ObjectId;
  event_id: string;
  run_id: string;
  requested: Date;
  started: Date;
  signalled: Date;
}

/** What one receiver came to for one goal: its latest run, and how many there were. `attempt` counts from 0. */
export interface EffectRecord {
  status: ReceiverStatus;
  attempt: number;
  runs: number;
  event_id: string;
  started: Date;
  finished?: Date;
  reason?: string;
  error?: string;
}

/** What the console's lists ask for, one document a goal (docs/console.md). All of it can be made anew. */
export interface GoalSummaryDocument {
  _id: ObjectId;
  created: Date;
  exp: Date;
  state: "pending" | "ended";
  /** How it ended; absent while it is pending. */
  outcome?: GoalOutcome;
  ended?: Date;
  streamer_id: ObjectId;
  viewer_id: ObjectId;
  session_id: ObjectId;
  /** What was put into escrow, in whole minor units. */
  amount: number;
  currency: string;
  refund: RefundState;
  refund_due?: Date;
  resolved?: Date;
  held_back?: true;
  cooldown?: Date;
  effects: Partial<Record<ReceiverId, EffectRecord>>;
  /** `failed`, `late`, `any`, and the first two with `:<receiver>`; absent where all is well. */
  trouble?: string[];
  /** From the goal's end to the end of its last receiver, and to its refund, in milliseconds. */
  settled_ms?: number;
  refund_ms?: number;
  /** When the clock alone may change this summary. */
  check_at?: Date;
  /** When the reading that this summary rests on began: an older one never replaces a newer. */
  as_of: Date;
}

/** A refund that an admin holds back; `_id` is the goal's. */
export interface RefundHoldDocument {
  _id: ObjectId;
  audit_id: ObjectId;
  by: ObjectId;
  reason: string;
  at: Date;
}

export interface AuditDocument {
  _id: ObjectId;
  actor: ObjectId;
  role: Role;
  action: AuditAction;
  /** What was acted on: `goal:<id>`, `user:<id>`, `bulk:<id>`, `ledger`. */
  target: string;
  input?: unknown;
  before?: unknown;
  after?: unknown;
  /** What the caller was answered, and is answered again when the same request comes twice. */
  result?: unknown;
  reason: string;
  status: AuditStatus;
  error?: string;
  at: Date;
  completed?: Date;
}

export interface BulkActionDocument {
  /** That of the audit entry of its start. */
  _id: ObjectId;
  /** The entry of what was last decided about it, so that a decision that is repeated knows its own. */
  audit_id: ObjectId;
  actor: ObjectId;
  reason: string;
  filter: GoalFilter;
  /** The receiver that was named; empty for whichever failed. */
  receivers: ReceiverId[];
  /** Whether only what failed is to run again. */
  failed: boolean;
  status: BulkStatus;
  goals: number;
  items: number;
  sent: number;
  skipped: number;
  amounts: Money[];
  approver?: ObjectId;
  created: Date;
  started?: Date;
  finished?: Date;
}

export interface BulkItemDocument {
  _id: ObjectId;
  bulk_id: ObjectId;
  goal_id: ObjectId;
  /** Those that are to run; once sent, those that were. */
  receivers: ReceiverId[];
  status: "waiting" | "sent" | "skipped";
}

/** A cached answer. Without `value` it is only the generation that a fill in progress must still find. */
export interface CachedViewDocument {
  _id: string;
  tag: string;
  generation: ObjectId;
  value?: unknown;
  expires_at: Date;
}
