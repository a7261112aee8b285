import type { ReceiverId } from "#src/contract/receivers.ts";
import { escrowIdOf } from "#src/contract/ids.ts";
import { byHandEventId } from "#src/domain/actions.ts";
import { resolutionOf } from "#src/domain/ledger.ts";
import { findBulkAction } from "../../data/bulk.ts";
import { findConservation } from "../../data/conservation.ts";
import type { AuditDocument } from "../../data/documents.ts";
import { findGoal, findGoalEndedBy } from "../../data/goals.ts";
import { transfersOf } from "../../data/ledger.ts";
import { runsOfGoal } from "../../data/receiver-runs.ts";
import { findRefundHold } from "../../data/refund-holds.ts";
import { findRole } from "../../data/user-roles.ts";
import type { Services } from "../../services.ts";
import { heldEffect, holdBefore, letGoEffect, refundedEffect } from "./act-refund.ts";
import { resendEventId, retryEventIds, sentEffect } from "./act-signals.ts";
import { roleEffect } from "./users.ts";

type Reader = Pick<Services, "db">;

/** What an action came to, as far as its traces tell: what the caller would have been answered, and the state since. */
export interface Evidence {
  readonly result: unknown;
  readonly after: unknown;
  /** That only its first half has left traces: a hold was lifted, and the refund not asked for, as far as one can see. */
  readonly isHalf?: boolean;
}

/**
 * Looks for the traces that an action leaves where it acts, and for nothing else: never at how likely it is. Null when
 * there are none. Changes nothing.
 */
export async function findEvidence(services: Reader, entry: AuditDocument): Promise<Evidence | null> {
  const { db } = services;
  const auditId = entry._id.toHexString();
  const targetId = entry.target.slice(entry.target.indexOf(":") + 1);
  switch (entry.action) {
    case "goal.retry": {
      const { receivers } = entry.input as { receivers: ReceiverId[] };
      return await received(services, targetId, retryEventIds(targetId, receivers, auditId));
    }
    case "goal.resend_signal": {
      const goal = await findGoal(db, targetId);
      const id = goal && resendEventId(goal, entry.before);
      return id === null ? null : await received(services, targetId, [id]);
    }
    case "goal.decline": {
      const eventId = byHandEventId(auditId);
      return (await findGoalEndedBy(db, targetId, eventId)) === null ? null : sentEffect([eventId]);
    }
    case "refund.hold": {
      const hold = await findRefundHold(db, targetId);
      return hold?.audit_id.equals(entry._id) === true ? heldEffect(hold) : null;
    }
    case "refund.let_go":
      return await letGo(services, targetId, auditId, holdBefore(entry.before));
    case "refund.now": {
      const escrowId = escrowIdOf(targetId);
      const made = resolutionOf(await transfersOf(db, escrowId), escrowId);
      // Money that somebody else moved is no trace of this.
      return made?.auditId === auditId ? refundedEffect(made, auditId) : null;
    }
    case "bulk.start":
    case "bulk.approve":
    case "bulk.reject":
    case "bulk.stop":
      return await decided(services, entry, entry.action, targetId);
    case "user.set_role": {
      const role = await findRole(db, targetId);
      return role?.auditId === auditId ? roleEffect(entry.before, entry.input) : null;
    }
    case "ledger.check": {
      const checked = (await findConservation(db, 0))?.checked_whole;
      return checked != null && checked >= entry.at ? { result: null, after: { checked } } : null;
    }
  }
}

/** Events that were sent all at once: when one of them arrived, all of them were kept. */
async function received({ db }: Reader, goalId: string, eventIds: readonly string[]) {
  const runs = await runsOfGoal(db, goalId);
  return runs.some(({ event_id }) => eventIds.includes(event_id)) ? sentEffect(eventIds) : null;
}

/** The hold that the entry found is gone; whether the refund was asked for as well shows in its receiver's runs. */
async function letGo({ db }: Reader, goalId: string, auditId: string, seen: string | null) {
  const hold = await findRefundHold(db, goalId);
  if (seen === null || hold?.audit_id.toHexString() === seen) return null;
  const ids = retryEventIds(goalId, ["trigger_exclusive_goal_escrow_refund"], auditId);
  const runs = await runsOfGoal(db, goalId);
  const arrived = ids.filter((id) => runs.some(({ event_id }) => event_id === id));
  return { ...letGoEffect(arrived), isHalf: arrived.length === 0 };
}

/** Decisions on an action on many goals leave their mark in its document; a start has its entry's id. */
async function decided(
  { db }: Reader,
  entry: AuditDocument,
  action: "bulk.start" | "bulk.approve" | "bulk.reject" | "bulk.stop",
  bulkId: string,
): Promise<Evidence | null> {
  const bulk = await findBulkAction(db, bulkId);
  if (bulk === null) return null;
  const { status, goals, items, amounts } = bulk;
  const approved = bulk.approver?.equals(entry.actor) === true;
  switch (action) {
    case "bulk.start":
      return { result: { bulk_id: bulkId, status }, after: { status, goals, items, amounts } };
    case "bulk.approve":
      return approved && bulk.started !== undefined
        ? { result: { status: "running" }, after: { status: "running" } }
        : null;
    case "bulk.reject":
      return approved && status === "rejected" ? { result: { status }, after: { status } } : null;
    case "bulk.stop":
      return status === "stopped" && bulk.audit_id.equals(entry._id)
        ? { result: { status }, after: { status } }
        : null;
  }
}
