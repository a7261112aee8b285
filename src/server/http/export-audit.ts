import { auditFilter, type AuditFilter } from "#src/contract/console.ts";
import { ProblemError } from "#src/contract/problems.ts";
import { isModerator } from "#src/contract/roles.ts";
import { type AuditView, listAudit } from "../operations/console/audit-list.ts";
import type { Cursor } from "../operations/console/goal-list.ts";
import type { Services } from "../services.ts";
import { requireCaller } from "./caller.ts";
import { type Cell, csvResponse } from "./csv.ts";
import { answer } from "./problem.ts";

const json = (value: unknown): Cell => (value === null ? null : JSON.stringify(value));

/** The file's columns, in their order, and what is in them. */
const columns: Readonly<Record<string, (entry: AuditView) => Cell>> = {
  id: ({ id }) => id,
  at: ({ at }) => at,
  completed: ({ completed }) => completed,
  actor: ({ actor }) => actor.id,
  actor_name: ({ actor }) => actor.name,
  role: ({ role }) => role,
  action: ({ action }) => action,
  target: ({ target }) => target,
  status: ({ status }) => status,
  reason: ({ reason }) => reason,
  error: ({ error }) => error,
  input: ({ input }) => json(input),
  before: ({ before }) => json(before),
  after: ({ after }) => json(after),
};

const batchLength = 500;

async function* rowsOf(services: Services, filter: AuditFilter): AsyncGenerator<Cell[][], void> {
  let after: Cursor | null = null;
  do {
    const { entries, next }: Awaited<ReturnType<typeof listAudit>> =
      // oxlint-disable-next-line no-await-in-loop -- a batch is read when the one before has been taken
      await listAudit(services, filter, after, batchLength);
    yield entries.map((entry) => Object.values(columns).map((cell) => cell(entry)));
    after = next;
  } while (after !== null);
}

/** `GET /admin/export/audit.csv`: the entries that the filter in the query matches, the newest first, for moderators. */
export const handleAuditExport = (services: Services, request: Request): Promise<Response> =>
  answer(request, services.log, async () => {
    const caller = await requireCaller(services, request);
    if (!isModerator(caller.role)) throw new ProblemError("forbidden");
    const given = [...new URL(request.url).searchParams].filter(([, value]) => value !== "");
    const filter = auditFilter.safeParse(Object.fromEntries(given));
    if (!filter.success) throw new ProblemError("invalid_request", { cause: filter.error });
    return await csvResponse({
      file: "audit.csv",
      columns: Object.keys(columns),
      batches: rowsOf(services, filter.data),
    });
  });
