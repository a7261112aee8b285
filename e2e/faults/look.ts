import { type Db, ObjectId } from "mongodb";
import type { Source } from "#src/config/env.ts";
import { escrowIdOf } from "#src/contract/ids.ts";
import type { HttpTap, TappedRequest } from "../support/http-tap.ts";
import type { Found, Judging, Story } from "./judge.ts";

/** The pushes that Pusher took, as the tap in front of it saw them, by goal. */
export class Pushes {
  readonly #byGoal = new Map<string, { signalId: string; channels: readonly string[] }[]>();

  /** Listens from now on. */
  constructor(tap: HttpTap) {
    tap.onAnswered((request, status) => {
      if (status === 200) this.#note(request);
    });
  }

  of(goalId: string): Found["pushes"] {
    return this.#byGoal.get(goalId) ?? [];
  }

  #note({ path, body }: TappedRequest): void {
    if (!path.includes("/events") || !body.includes('"goal.ended"')) return;
    const event = JSON.parse(body) as { name?: string; channels?: string[]; data?: string };
    if (event.name !== "goal.ended") return;
    const { goal_id, signal_id } = JSON.parse(event.data ?? "{}") as { goal_id: string; signal_id: string };
    const known = this.#byGoal.get(goal_id) ?? [];
    known.push({ signalId: signal_id, channels: event.channels ?? [] });
    this.#byGoal.set(goal_id, known);
  }
}

const time = (value: unknown) => (value instanceof Date ? value.getTime() : undefined);

/** Leaves out what is absent: an optional property is there or not. */
const present = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>;
  };

/** Reads everything that is known of a goal, from the database itself and from the pushes that were seen. */
export async function lookAt(database: Db, pushes: Pushes, { goalId, viewerId }: Story): Promise<Found> {
  const _id = new ObjectId(goalId);
  const goal = await database.collection("goals").findOne({ _id });
  const [session, runs, transfers, tracks] = await Promise.all([
    database.collection("sessions").findOne({ _id: goal?.["conditions"]?.session_id as ObjectId }),
    database.collection("receiver_runs").find({ goal_id: _id }).toArray(),
    database
      .collection<{ _id: string; [field: string]: unknown }>("ledger_transfers")
      .find({ escrow_id: escrowIdOf(goalId) })
      .sort({ at: 1, insert_id: 1 })
      .toArray(),
    database.collection("goal_tracks").countDocuments({ _id }),
  ]);
  const entry = (of: Record<string, unknown> | undefined) =>
    of === undefined
      ? null
      : {
          goalId: String(of["goal"] ?? of["trigger_exclusive_goal"]),
          ...present({
            ended: time(of["trigger_exclusive_goal_ended"]),
            cooldown: time(of["trigger_exclusive_goal_cooldown"]),
          }),
        };
  const deactivated = goal?.["deactivated"];
  return {
    goal: goal && {
      active: goal["active"] === true,
      created: time(goal["created"]) ?? 0,
      ...present({
        cooldown: time(goal["metadata"].cooldown),
        agreed: time(goal["agreed"]?.at),
        deactivated: deactivated && {
          at: Number(deactivated.at),
          reason: String(deactivated.reason),
          event_id: String(deactivated.event_id),
        },
      }),
    },
    record: entry(session?.["trigger_private_goals"]?.[viewerId]),
    pair: entry(session?.["exclusive_goal_pairs"]?.[viewerId]),
    runs: runs.map(({ receiver, status, event_id, reason }) => ({
      receiver: String(receiver),
      status: String(status),
      event_id: String(event_id),
      ...(reason === undefined ? {} : { reason: String(reason) }),
    })),
    // The hold comes first, by whatever clock either was written.
    transfers: transfers
      .map((transfer) => ({
        id: transfer._id,
        debit: String(transfer["debit"]),
        credit: String(transfer["credit"]),
        amount: Number(transfer["amount"]),
        reason: String(transfer["reason"]),
      }))
      .toSorted((one, other) => one.reason.localeCompare(other.reason)),
    tracks,
    pushes: pushes.of(goalId),
  };
}

/** When the last decline was written of the session that a goal belongs to; null when there was none. */
export async function lastDeclineBeside(
  database: Db,
  { goalId }: Pick<Story, "goalId">,
): Promise<Judging["lastDecline"]> {
  const goals = database.collection("goals");
  const goal = await goals.findOne({ _id: new ObjectId(goalId) });
  const [last] = await goals
    .find({
      "conditions.session_id": goal?.["conditions"]?.session_id as ObjectId,
      "deactivated.reason": "declined",
    })
    .sort({ "deactivated.at": -1 })
    .limit(1)
    .toArray();
  return last === undefined ? null : Number(last["deactivated"].at);
}

interface Run {
  readonly id: string;
  readonly function: { readonly id: string };
  readonly trigger: { readonly cronSchedule?: string };
  readonly output?: unknown;
}

/**
 * The runs that Inngest has given up, or that still go on, but for what the clock starts anew every minute. The newest
 * hundred, in a line each.
 */
export async function runsOf(
  { INNGEST_BASE_URL, INNGEST_SIGNING_KEY }: Source,
  status: "FAILED" | "RUNNING" | "QUEUED",
): Promise<readonly string[]> {
  const query = `status=${status}&limit=100&includeOutput=true`;
  const response = await fetch(`${INNGEST_BASE_URL}/v2/runs?${query}`, {
    headers: { authorization: `Bearer ${INNGEST_SIGNING_KEY}` },
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`Inngest answered ${response.status}: ${await response.text()}`);
  const { data } = (await response.json()) as { data: readonly Run[] };
  return data
    .filter(({ trigger }) => trigger.cronSchedule === undefined)
    .map((run) => `${run.function.id} ${run.id} ${status} ${JSON.stringify(run.output ?? null)}`);
}
