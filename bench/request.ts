import type { StackBenchmark } from "./benchmark.ts";
import { figureOf } from "./figures.ts";
import { addInvitations } from "./invitations.ts";
import { declineOf, emptyDelete, flood, paced, type PacedAnswer } from "./load.ts";
import { untilSettled } from "./requests.ts";

const perSecond = 10;
const asked = 100;
const floodSeconds = 10;
/** As many as the app works on at once by its default (`MAX_IN_FLIGHT`): more would wait at its door or be refused. */
const connections = 32;
/** Among the answers of the flood: as many declines as the benchmark of the decline makes at its most, at 300 answers/s. */
const freshOneIn = 10;

const tookOf = (answers: readonly PacedAnswer[], expected: number): number[] => {
  const wrong = answers.find(({ status }) => status !== expected);
  if (wrong !== undefined) throw new Error(`${expected} was expected, not ${wrong.status}.`);
  return answers.map(({ took_ms }) => took_ms);
};

/**
 * `DELETE /goals/<goal_id>` until it is answered. The floor is `DELETE /healthz`: Next gives a route that has no handler
 * for a method an empty one (`() => new Response(null, {status: 405})`), so it is an empty DELETE route handler of the
 * same server and build, and no route that only a benchmark needs is in the product. Floor and request take turns, so
 * that both meet the same machine.
 */
export const request: StackBenchmark = {
  name: "request",
  of: "stack",
  about:
    "`DELETE /goals/<goal_id>` answered. Floor: `DELETE /healthz`, the empty handler that Next gives a route without one.",
  settings: { RATE_LIMIT_DECLINE: "1000000" },
  async run(bench) {
    const { app } = bench.stack;
    const warm = await addInvitations(bench.mongo.db(), 50, "apart");
    const goals = await addInvitations(bench.mongo.db(), asked, "apart");
    const turns = (goalIds: readonly string[]) =>
      paced(
        app,
        2 * perSecond,
        goalIds.flatMap((goalId) => [emptyDelete, declineOf(bench, goalId)]),
      );
    const floors = (answers: readonly PacedAnswer[]) => answers.filter((_, place) => place % 2 === 0);
    const requests = (answers: readonly PacedAnswer[]) => answers.filter((_, place) => place % 2 === 1);

    await turns(warm);
    await untilSettled(bench, warm);
    bench.log(`${asked} declines and as many repeats, ${perSecond} a second`);
    const first = await turns(goals);
    await untilSettled(bench, goals);
    const again = await turns(goals);

    bench.log(`answers over ${connections} connections for ${floodSeconds} s`);
    const fresh = await addInvitations(bench.mongo.db(), floodSeconds * 100, "apart");
    const flooded = await flood({
      url: app,
      connections,
      seconds: floodSeconds,
      // A connection takes every 32nd of these, so the two kinds are dealt out by blocks of that length.
      requests: fresh.flatMap((goalId, place) =>
        place % connections === 0
          ? [
              ...fresh.slice(place, place + connections).map((id) => declineOf(bench, id)),
              ...Array.from({ length: (freshOneIn - 1) * connections }, (_, n) =>
                declineOf(bench, goals[(place + n) % goals.length] ?? goalId),
              ),
            ]
          : [],
      ),
    });
    const refused = Object.entries(flooded.statuses).filter(([status]) => !["200", "202"].includes(status));
    const accepted = flooded.statuses["202"] ?? 0;
    return {
      figures: [
        figureOf("empty DELETE", [...tookOf(floors(first), 405), ...tookOf(floors(again), 405)]),
        figureOf("decline, 202", tookOf(requests(first), 202), {
          floor: "empty DELETE",
          targets: [{ timesFloor: 3 }, { of: "p50", most: 15 }],
        }),
        figureOf("repeat, 200", tookOf(requests(again), 200), {
          floor: "empty DELETE",
          targets: [{ timesFloor: 3 }, { of: "p50", most: 15 }],
        }),
        figureOf("answers", flooded.perSecond, { unit: "/s", targets: [{ of: "p50", least: 300 }] }),
        figureOf("an answer among these", flooded.latencies),
      ],
      notes: [
        `Request and floor take turns, ${perSecond} of each a second. The flood is autocannon's, ${connections} connections for ${floodSeconds} s; what is accepted keeps the app busy as well: with half as many connections its effects take more of it, and some 170 are answered. The table row counts answers in each second, the slowest had ${Math.min(...flooded.perSecond)}. Of its answers ${accepted} were 202 and ${flooded.statuses["200"] ?? 0} were 200; ${refused.length === 0 && flooded.failed === 0 ? "none was refused or lost" : `refused: ${JSON.stringify(Object.fromEntries(refused))}, lost: ${flooded.failed}`}.`,
      ],
    };
  },
};
