import type { BulkWhat } from "#src/contract/console.ts";
import { receiverStatuses, type ReceiverStatus } from "#src/contract/receivers.ts";
import { bulkEventPrefix } from "#src/domain/bulk.ts";
import { countItems, countRuns } from "../../data/bulk.ts";
import type { BulkActionDocument } from "../../data/documents.ts";
import { type Account, findAccounts } from "../../data/users.ts";
import type { Services } from "../../services.ts";
import { personOf } from "../people.ts";
import type { BulkView } from "./bulk.ts";

/** What an action is to run again, read off its document. */
export const whatOf = ({ receivers: [receiver], failed }: BulkActionDocument): BulkWhat =>
  receiver === undefined ? { kind: "failed" } : { kind: "receiver", receiver, only_failed: failed };

/** Actions as pages show them, with their people read once. */
export async function viewBulk(
  services: Services,
  bulks: readonly BulkActionDocument[],
): Promise<BulkView[]> {
  const accounts = await findAccounts(
    services.db,
    bulks.flatMap(({ actor, approver }) => [actor, ...(approver ? [approver] : [])]).map(String),
  );
  return await Promise.all(bulks.map((bulk) => viewOne(services, bulk, accounts)));
}

async function viewOne(
  { db }: Services,
  bulk: BulkActionDocument,
  accounts: ReadonlyMap<string, Account>,
): Promise<BulkView> {
  const id = bulk._id.toHexString();
  const begun = bulk.status === "running" || bulk.status === "stopped";
  const [items, runs] = await Promise.all([
    begun ? countItems(db, id) : null,
    countRuns(db, bulkEventPrefix(id)),
  ]);
  const settled = receiverStatuses.map((status) => [status, runs.get(status) ?? 0] as const);
  return {
    id,
    actor: personOf(accounts, bulk.actor.toHexString()),
    approver: bulk.approver ? personOf(accounts, bulk.approver.toHexString()) : null,
    reason: bulk.reason,
    filter: bulk.filter,
    what: whatOf(bulk),
    status: bulk.status,
    goals: bulk.goals,
    items: bulk.items,
    sent: items?.sent ?? bulk.sent,
    skipped: items === null ? bulk.skipped : bulk.items - items.sent - items.waiting,
    settled: Object.fromEntries(settled) as Record<ReceiverStatus, number>,
    amounts: bulk.amounts,
    created: bulk.created.toISOString(),
    started: bulk.started?.toISOString() ?? null,
    finished: bulk.finished?.toISOString() ?? null,
    receivers: bulk.receivers,
  };
}
