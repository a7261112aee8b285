import { goalFilter } from "#src/contract/console.ts";
import { ProblemError } from "#src/contract/problems.ts";
import { isModerator } from "#src/contract/roles.ts";
import { type ExportedGoal, exportGoals } from "../operations/console/goal-export.ts";
import type { Services } from "../services.ts";
import { requireCaller } from "./caller.ts";
import { type Cell, csvResponse } from "./csv.ts";
import { answer } from "./problem.ts";

/** The file's columns, in their order: all of an exported goal. */
const columns = Object.keys({
  goal_id: true,
  state: true,
  streamer_id: true,
  streamer_name: true,
  streamer_email: true,
  viewer_id: true,
  viewer_name: true,
  viewer_email: true,
  session_id: true,
  invited: true,
  ends: true,
  ended: true,
  amount: true,
  currency: true,
  refund: true,
  refund_due: true,
  money_moved: true,
  failed_receivers: true,
  late_receivers: true,
} satisfies Record<keyof ExportedGoal, true>) as (keyof ExportedGoal)[];

async function* rowsOf(services: Services, query: URLSearchParams): AsyncGenerator<Cell[][], void> {
  const given = [...query].filter(([, value]) => value !== "");
  const amounts = given.flatMap(([name, value]) =>
    name === "min_amount" || name === "max_amount" ? [[name, Number(value)] as const] : [],
  );
  const filter = goalFilter.safeParse({ ...Object.fromEntries(given), ...Object.fromEntries(amounts) });
  if (!filter.success) throw new ProblemError("invalid_request", { cause: filter.error });
  for await (const goals of exportGoals(services, filter.data)) {
    yield goals.map((goal) => columns.map((column) => goal[column]));
  }
}

/** `GET /admin/export/goals.csv`: the goals that the filter in the query matches, in its order, for moderators. */
export const handleGoalExport = (services: Services, request: Request): Promise<Response> =>
  answer(request, services.log, async () => {
    const caller = await requireCaller(services, request);
    if (!isModerator(caller.role)) throw new ProblemError("forbidden");
    const batches = rowsOf(services, new URL(request.url).searchParams);
    return await csvResponse({ file: "goals.csv", columns, batches });
  });
