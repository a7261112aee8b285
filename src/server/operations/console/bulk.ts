import type { BulkStatus, BulkWhat, GoalFilter, Money } from "#src/contract/console.ts";
import type { ReceiverId, ReceiverStatus } from "#src/contract/receivers.ts";
import type { Caller } from "#src/contract/roles.ts";
import type { Services } from "../../services.ts";
import type { Person } from "../people.ts";
import { comingSoon } from "./coming.ts";
import type { Cursor } from "./goal-list.ts";

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

export async function previewBulk(
  services: Services,
  filter: GoalFilter,
  what: BulkWhat,
): Promise<BulkPreview> {
  return comingSoon(services, filter, what);
}

export async function startBulk(
  services: Services,
  caller: Caller,
  request: { filter: GoalFilter; what: BulkWhat; confirmation: string; reason: string; requestId: string },
): Promise<{ readonly bulk_id: string; readonly status: BulkStatus }> {
  return comingSoon(services, caller, request);
}

/** A second admin lets a large action go, or does not; whoever may see it stops it. */
export async function decideBulk(
  services: Services,
  caller: Caller,
  request: { bulkId: string; decision: "approve" | "reject" | "stop"; reason: string; requestId: string },
): Promise<{ readonly status: BulkStatus }> {
  return comingSoon(services, caller, request);
}

export async function listBulk(
  services: Services,
  after: Cursor | null,
  limit: number,
): Promise<{ readonly actions: readonly BulkView[]; readonly next: Cursor | null }> {
  return comingSoon(services, after, limit);
}

export async function findBulk(services: Services, bulkId: string): Promise<BulkView> {
  return comingSoon(services, bulkId);
}
