import { ObjectId } from "mongodb";
import type { BulkStatus, BulkWhat, GoalFilter, Money } from "#src/contract/console.ts";
import { ProblemError } from "#src/contract/problems.ts";
import type { ReceiverId, ReceiverStatus } from "#src/contract/receivers.ts";
import type { Caller } from "#src/contract/roles.ts";
import { extentOf, mostGoals, needsApproval } from "#src/domain/bulk.ts";
import {
  countItems,
  findBulkAction,
  insertBulk,
  insertItems,
  listBulkActions,
  moveBulk,
} from "../../data/bulk.ts";
import type { BulkActionDocument } from "../../data/documents.ts";
import type { Services } from "../../services.ts";
import type { Person } from "../people.ts";
import { auditIdOf, audited } from "./audit.ts";
import { announceStart, tellOfBulk } from "./bulk-run.ts";
import { selectGoals } from "./bulk-selection.ts";
import { viewBulk } from "./bulk-view.ts";
import type { Cursor } from "./goal-list.ts";
import { pageOf, placeOf } from "./paging.ts";

/** What an action on many goals would touch, counted before it is confirmed. */
export interface BulkPreview {
  readonly goals: number;
  /** Single receivers that would run again. */
  readonly items: number;
  readonly amounts: readonly Money[];
  /** More than may be done at once: the filter must be narrower. */
  readonly too_many: boolean;
  readonly needs_approval: boolean;
  /** What must be typed to confirm: the number of goals. */
  readonly confirmation: string;
}

/** An action on many goals. `settled` counts the runs it started, by how they stand. */
export interface BulkView {
  readonly id: string;
  readonly actor: Person;
  readonly approver: Person | null;
  readonly reason: string;
  readonly filter: GoalFilter;
  readonly what: BulkWhat;
  readonly status: BulkStatus;
  readonly goals: number;
  readonly items: number;
  readonly sent: number;
  readonly skipped: number;
  readonly settled: Readonly<Record<ReceiverStatus, number>>;
  readonly amounts: readonly Money[];
  readonly created: string;
  readonly started: string | null;
  readonly finished: string | null;
  readonly receivers: readonly ReceiverId[];
}

const limitsOf = ({ settings }: Services) => ({
  goals: settings.BULK_APPROVAL_GOALS,
  amount: settings.BULK_APPROVAL_AMOUNT,
});

/** Counts what an action would touch, without touching it. Beyond the most goals of one action it stops counting. */
export async function previewBulk(
  services: Services,
  filter: GoalFilter,
  what: BulkWhat,
): Promise<BulkPreview> {
  const extent = extentOf(await selectGoals(services, filter, what));
  return {
    ...extent,
    too_many: extent.goals > mostGoals,
    needs_approval: needsApproval(extent, limitsOf(services)),
    confirmation: String(extent.goals),
  };
}

interface StartRequest {
  readonly filter: GoalFilter;
  readonly what: BulkWhat;
  readonly confirmation: string;
  readonly reason: string;
  readonly requestId: string;
}

/**
 * Starts an action on the goals that were counted, or lets it wait for a second admin. Which goals those are is kept:
 * goals that come to match later are not touched. Throws `selection_changed` when the count is not what was confirmed,
 * and `action_refused` when there is nothing to do, or more than may be done at once.
 */
export async function startBulk(
  services: Services,
  caller: Caller,
  request: StartRequest,
): Promise<{ readonly bulk_id: string; readonly status: BulkStatus }> {
  const { filter, what, confirmation, reason, requestId } = request;
  const { result } = await audited(
    services,
    {
      caller,
      action: "bulk.start",
      target: `bulk:${auditIdOf(caller.id, requestId)}`,
      reason,
      requestId,
      input: { filter, what, confirmation },
    },
    async (bulkId) => {
      const bulk = await keep(services, caller, bulkId, request);
      if (bulk.status === "running") await announceStart(services, bulkId);
      const { status, goals, items, amounts } = bulk;
      return { result: { bulk_id: bulkId, status }, after: { status, goals, items, amounts } };
    },
  );
  await tellOfBulk(services, result.bulk_id);
  return result;
}

/** Writes the items, and then the action: only the second makes the first real. A second run finds what is there. */
async function keep(
  services: Services,
  caller: Caller,
  bulkId: string,
  { filter, what, confirmation, reason }: StartRequest,
): Promise<BulkActionDocument> {
  const { db, clock } = services;
  const before = await findBulkAction(db, bulkId);
  if (before !== null) return before;
  const selected = await selectGoals(services, filter, what);
  const { goals, items, amounts } = extentOf(selected);
  if (confirmation.trim() !== String(goals)) return await changed();
  if (goals === 0 || goals > mostGoals) throw new ProblemError("action_refused");
  await insertItems(db, bulkId, selected);
  // An earlier try of this request may have died here with a selection that has changed since.
  const written = await countItems(db, bulkId);
  if (written.goals !== goals || written.waiting !== items) return await changed();
  const now = clock();
  const waits = needsApproval({ goals, items, amounts }, limitsOf(services));
  const bulk: BulkActionDocument = {
    _id: new ObjectId(bulkId),
    audit_id: new ObjectId(bulkId),
    actor: new ObjectId(caller.id),
    reason,
    filter,
    receivers: what.kind === "receiver" ? [what.receiver] : [],
    failed: what.kind === "failed" || what.only_failed,
    status: waits ? "awaiting_approval" : "running",
    goals,
    items,
    sent: 0,
    skipped: 0,
    amounts: [...amounts],
    created: now,
    ...(!waits && { started: now }),
  };
  await insertBulk(db, bulk);
  return bulk;

  /** The same request may have come through meanwhile, and what it touched matches no more. */
  async function changed(): Promise<BulkActionDocument> {
    const meanwhile = await findBulkAction(db, bulkId);
    if (meanwhile === null) throw new ProblemError("selection_changed");
    return meanwhile;
  }
}

type Decision = "approve" | "reject" | "stop";

/**
 * A second admin lets a large action go, or does not; whoever may see it stops it. Throws `bulk_not_found`, `forbidden`
 * for who started it and for who is no admin, and `action_refused` when it is no longer to be decided.
 */
export async function decideBulk(
  services: Services,
  caller: Caller,
  request: { bulkId: string; decision: Decision; reason: string; requestId: string },
): Promise<{ readonly status: BulkStatus }> {
  const { db, clock } = services;
  const { bulkId, decision, reason, requestId } = request;
  const bulk = await findBulkAction(db, bulkId);
  if (bulk === null) throw new ProblemError("bulk_not_found");
  if (decision !== "stop" && (caller.role !== "admin" || bulk.actor.toHexString() === caller.id)) {
    throw new ProblemError("forbidden");
  }
  const { result } = await audited(
    services,
    {
      caller,
      action: `bulk.${decision}`,
      target: `bulk:${bulkId}`,
      reason,
      requestId,
      before: { status: bulk.status },
    },
    async (auditId) => {
      const status = await decide(auditId);
      return { result: { status }, after: { status } };
    },
  );
  await tellOfBulk(services, bulkId);
  return result;

  async function decide(auditId: string): Promise<BulkStatus> {
    const now = clock();
    const approver = new ObjectId(caller.id);
    const change = {
      approve: { status: "running", started: now, approver },
      reject: { status: "rejected", finished: now, approver },
      stop: { status: "stopped", finished: now },
    } as const satisfies Record<Decision, Partial<BulkActionDocument>>;
    const from =
      decision === "stop"
        ? ({ status: "running" } as const)
        : ({ status: "awaiting_approval", notBy: caller.id } as const);
    const audit_id = new ObjectId(auditId);
    if (!(await moveBulk(db, new ObjectId(bulkId), from, { ...change[decision], audit_id }))) {
      // A second run after a lost answer finds its own mark.
      const found = await findBulkAction(db, bulkId);
      if (found?.audit_id.equals(audit_id) !== true) throw new ProblemError("action_refused");
    }
    if (decision === "approve") await announceStart(services, bulkId);
    return change[decision].status;
  }
}

/** A page of actions, the newest first. */
export async function listBulk(
  services: Services,
  after: Cursor | null,
  limit: number,
): Promise<{ readonly actions: readonly BulkView[]; readonly next: Cursor | null }> {
  const found = await listBulkActions(services.db, placeOf(after), limit + 1);
  const { page, next } = pageOf(found, limit, ({ created, _id }) => ({
    value: created.toISOString(),
    id: _id.toHexString(),
  }));
  return { actions: await viewBulk(services, page), next };
}

/** One action. Throws `bulk_not_found`. */
export async function findBulk(services: Services, bulkId: string): Promise<BulkView> {
  const bulk = await findBulkAction(services.db, bulkId);
  const [view] = bulk === null ? [] : await viewBulk(services, [bulk]);
  if (view === undefined) throw new ProblemError("bulk_not_found");
  return view;
}
