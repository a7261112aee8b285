import { loadavg } from "node:os";
import { ObjectId } from "mongodb";
import { escrowIdOf } from "#src/contract/ids.ts";
import { resolutionId } from "#src/domain/ledger.ts";
import type { Bench, StackBenchmark } from "./benchmark.ts";
import { type Figure, figureOf, quantile } from "./figures.ts";
import { addInvitations } from "./invitations.ts";
import { declineOf, flood, paced, type PacedAnswer, type PacedRequest } from "./load.ts";
import { untilSettled } from "./requests.ts";

const capacitySeconds = 6;
/** How many declines are made before, which are then repeated. */
const warmUps = 40;
const warmUpsPerSecond = 5;
/** How much is asked for, in multiples of what is served at most, and for how long, in seconds. */
const rounds = [
  [1, 5],
  [2, 5],
  [3, 6],
] as const;
const connections = 16;
const probesPerSecond = 10;
const probeSeconds = 10;
/** How long all effects of what was accepted may take; on a slow machine, very long. */
const patience_ms = 300_000;
const isTaken = ({ status }: PacedAnswer) => status === 200 || status === 202;
const isRefused = ({ status }: PacedAnswer) => status === 429 || status === 503;

/** One round of load: what was asked, and how each was answered. */
interface Round {
  readonly requests: readonly PacedRequest[];
  readonly answers: readonly PacedAnswer[];
}

/**
 * Of ten requests, one declines, three repeat a decline, four read what the studio shows, and two are its page. Bea reads,
 * since Ada has as many sessions here as there are declines, and no streamer has.
 */
function mixOf(
  bench: Bench & { readonly reader: string },
  fresh: readonly string[],
  known: readonly string[],
): PacedRequest[] {
  const headers = { authorization: bench.reader };
  const read: PacedRequest = { method: "GET", path: "/api/trpc/studio.overview", headers };
  const page: PacedRequest = { method: "GET", path: "/studio", headers };
  const again = (place: number) => declineOf(bench, known[place % known.length] ?? "");
  return fresh.flatMap((goalId, place) => [
    declineOf(bench, goalId),
    read,
    again(3 * place),
    page,
    read,
    again(3 * place + 1),
    read,
    page,
    again(3 * place + 2),
    read,
  ]);
}

/** The goals whose decline was accepted. */
const acceptedOf = ({ requests, answers }: Round): string[] =>
  requests.flatMap(({ path }, place) =>
    answers[place]?.status === 202 ? [path.slice("/goals/".length)] : [],
  );

const took = (answers: readonly PacedAnswer[]) => answers.map(({ took_ms }) => took_ms);

/** How long after the flood something was still refused, or took longer than is usual, in seconds. */
function recovery_s(ended: number, probes: readonly PacedAnswer[], usual_ms: number): number {
  const unusual = probes.filter((probe) => !isTaken(probe) || probe.took_ms > usual_ms);
  const last = unusual.at(-1);
  return last === undefined ? 0 : (last.sent + last.took_ms - ended) / 1_000;
}

/** How many of these goals have an escrow that was resolved, and how many are still pending. */
async function leftOf({ mongo }: Bench, goalIds: readonly string[]) {
  const ids = goalIds.map((id) => new ObjectId(id));
  const resolutions = goalIds.map((id) => resolutionId(escrowIdOf(id)) as never);
  return {
    refunded: await mongo
      .db()
      .collection("ledger_transfers")
      .countDocuments({ _id: { $in: resolutions } }),
    pending: await mongo
      .db()
      .collection("goals")
      .countDocuments({ _id: { $in: ids }, active: true }),
  };
}

const inWords = (times: number, perSecond: number, { answers }: Round) => {
  const refused = answers.filter(isRefused).length;
  const other = answers.filter((answer) => !isRefused(answer) && !isTaken(answer));
  const share = ((100 * refused) / answers.length).toFixed(1);
  return `${times}x, ${perSecond}/s: ${share} % refused${other.length === 0 ? "" : `, **${other.length} answered otherwise** (${[...new Set(other.map(({ status }) => status))].join(", ")})`}`;
};

/** More than the app can serve: what it takes it answers soon, what it refuses it refuses at once, and it loses nothing. */
export const overload: StackBenchmark = {
  name: "overload",
  of: "stack",
  about:
    "What the app serves at most, and then once, twice and three times as much, in an open loop: declines, repeats, reads and pages.",
  settings: { RATE_LIMIT_DECLINE: "1000000" },
  async run(given) {
    const bench = { ...given, reader: await given.signIn("bea@example.com") };
    const { app } = bench.stack;
    const db = bench.mongo.db();
    const known = await addInvitations(db, warmUps, "apart");
    await paced(app, 10 * warmUpsPerSecond, mixOf(bench, known, known));
    await untilSettled(bench, known, { within_ms: patience_ms });

    const first = await addInvitations(db, capacitySeconds * 60, "apart");
    const most = await flood({
      url: app,
      connections,
      seconds: capacitySeconds,
      requests: mixOf(bench, first, known).map((one) => ({ ...one })),
    });
    const capacity = Math.round(most.perSecond.reduce((sum, count) => sum + count, 0) / capacitySeconds);
    bench.log(`serves ${capacity}/s: ${JSON.stringify(most.statuses)}`);

    let usual_ms = Number.NaN;
    const figures: Figure[] = [figureOf("served at most", most.perSecond, { unit: "/s" })];
    const words: string[] = [];
    const accepted: string[] = [];
    let refusedGoals: string[] = [];
    let ended = Date.now();
    for (const [times, seconds] of rounds) {
      const perSecond = times * capacity;
      const fresh = await addInvitations(db, Math.ceil((perSecond * seconds) / 10), "apart");
      const requests = mixOf(bench, fresh, known);
      const round: Round = { requests, answers: await paced(app, perSecond, requests) };
      ended = Math.max(...round.answers.map((answer) => answer.sent));
      if (times === 1) usual_ms = quantile(took(round.answers.filter(isTaken)), 0.95);
      const taken = new Set(acceptedOf(round));
      accepted.push(...taken);
      refusedGoals = [...refusedGoals, ...fresh.filter((goalId) => !taken.has(goalId))];
      words.push(inWords(times, perSecond, round));
      bench.log(words.at(-1) ?? "");
      figures.push(
        figureOf(`${times}x, accepted`, took(round.answers.filter(isTaken)), {
          targets: [{ of: "p99", most: 1_000 }],
        }),
        figureOf(`${times}x, refused`, took(round.answers.filter(isRefused)), {
          targets: times === 3 ? [{ of: "p99", most: 500 }] : [],
        }),
      );
    }
    const probes = await paced(
      app,
      probesPerSecond,
      mixOf(bench, known.slice(0, (probeSeconds * probesPerSecond) / 10), known),
    );
    figures.push(
      figureOf("as usual after 3x", [recovery_s(ended, probes, usual_ms)], {
        unit: "s",
        targets: [{ of: "p50", most: 10 }],
      }),
    );
    bench.log(`${accepted.length} declines were accepted; waiting for all of their effects`);
    const settled = await untilSettled(bench, accepted, { within_ms: patience_ms });
    figures.push(
      figureOf(
        "all effects of all that was accepted, after 3x",
        [(Math.max(...settled.values()) - ended) / 1_000],
        {
          unit: "s",
        },
      ),
    );
    const done = await leftOf(bench, accepted);
    const left = await leftOf(bench, refusedGoals);
    return {
      figures,
      notes: [
        `${words.join(" · ")}. Each of ${accepted.length} accepted declines has all its effects; ${done.refunded} were refunded, ${done.pending} are pending. Of ${refusedGoals.length} that were refused ${left.pending} are as they were. As usual: answered within the ${Math.round(usual_ms)} ms that 95 % took at 1x. Load average ${loadavg()[0]?.toFixed(1)} at the end.`,
      ],
    };
  },
};
