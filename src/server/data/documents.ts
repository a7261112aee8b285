import type { ObjectId } from "mongodb";
import type { EndReason } from "#src/contract/events.ts";
import type { ReceiverId, ReceiverStatus } from "#src/contract/receivers.ts";

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
  started: Date;
  finished?: Date;
}

/** A cached answer. Without `value` it is only the generation that a fill in progress must still find. */
export interface CachedViewDocument {
  _id: string;
  tag: string;
  generation: ObjectId;
  value?: unknown;
  expires_at: Date;
}
