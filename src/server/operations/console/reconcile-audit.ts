import { ProblemError } from "#src/contract/problems.ts";
import { completeEntry, entriesOf, lapseEntry } from "../../data/audit-log.ts";
import type { AuditDocument } from "../../data/documents.ts";
import type { Services } from "../../services.ts";
import { finishLetGo } from "./act-refund.ts";
import { findEvidence } from "./evidence.ts";

const minute_ms = 60_000;
/** An action takes seconds: what is intended for longer than this was left behind. */
const leftAfter_ms = minute_ms;
/** How long a trace is waited for, before an entry lapses. */
const patience_ms = 15 * minute_ms;
/** How long a lapsed entry is still looked at: an event that was kept may be carried out much later. */
const lateTraces_ms = 24 * 60 * minute_ms;
/** How many entries of a kind one look takes; the oldest first, so that the rest has its turn. */
const limit = 500;

/**
 * Settles what was left behind: entries that say that something was intended, and not whether it was done. By traces
 * alone: what left its trace is completed, and says that it was found; what left none within a quarter of an hour
 * lapses. Nothing is begun here that was not begun; but a hold that was lifted is half of letting a refund go, and
 * nobody would look after the other half. A second run at the same time finds, sends and writes the same.
 */
export async function reconcileAudit(services: Services): Promise<{ completed: number; lapsed: number }> {
  const { db, clock } = services;
  const now = clock().getTime();
  const ago = (ms: number) => new Date(now - ms);
  const intended = await entriesOf(db, "intended", { after: new Date(0), until: ago(leftAfter_ms), limit });
  const lapsed = await entriesOf(db, "lapsed", { after: ago(lateTraces_ms), until: ago(patience_ms), limit });
  const counts = { completed: 0, lapsed: 0 };
  for (const entry of [...intended, ...lapsed]) {
    // oxlint-disable-next-line no-await-in-loop -- one after another: nobody waits for it
    const settled = await completeByTraces(services, entry);
    if (settled === "completed") counts.completed++;
    else if (settled === "no_trace" && entry.status === "intended" && entry.at <= ago(patience_ms)) {
      // oxlint-disable-next-line no-await-in-loop
      await lapseEntry(db, entry._id);
      counts.lapsed++;
    }
  }
  return counts;
}

async function completeByTraces(
  services: Services,
  entry: AuditDocument,
): Promise<"completed" | "no_trace" | "later"> {
  const { db, clock, live, log, news } = services;
  try {
    const evidence = await findEvidence(services, entry);
    if (evidence === null) return "no_trace";
    const [kind, id = ""] = entry.target.split(":");
    const finished =
      evidence.isHalf === true ? await finishLetGo(services, id, entry._id.toHexString()) : null;
    const { result, after } = finished ?? evidence;
    const how = finished === null ? "found by its traces" : "found half done, and finished";
    const found = { ...(after as object), found: `Not confirmed at the time; ${how}.` };
    await completeEntry(db, entry._id, { after: found, result }, clock());
    // What follows a change for those who look on, and may be missing: both may be said twice.
    if (entry.action === "user.set_role") await live.endConnections(id);
    if (kind === "goal") news.tell(id);
    return "completed";
  } catch (error) {
    // An entry that cannot be read must not keep the others from being settled.
    log.error({ err: error, audit_id: entry._id.toHexString() }, "an audit entry was not looked into");
    // What is only half done, since Inngest has not confirmed, comes again until it is done: it does not lapse.
    return error instanceof ProblemError ? "later" : "no_trace";
  }
}
