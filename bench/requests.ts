import { setTimeout as wait } from "node:timers/promises";
import { ObjectId } from "mongodb";
import { receiverIds } from "#src/contract/receivers.ts";
import type { Bench } from "./benchmark.ts";

/** Runs something one after the other, and gives how long each took, in milliseconds. */
export async function time(count: number, run: (n: number) => Promise<unknown>): Promise<number[]> {
  const samples: number[] = [];
  for (let n = 0; n < count; n++) {
    const began = performance.now();
    await run(n);
    samples.push(performance.now() - began);
  }
  return samples;
}

/** Reads an address to its end. Throws on anything but success. */
export async function get(url: string, authorization?: string): Promise<string> {
  const response = await fetch(url, { headers: authorization === undefined ? {} : { authorization } });
  const body = await response.text();
  if (!response.ok) throw new Error(`${url} was answered by ${response.status}.`);
  return body;
}

/** Declines a goal of Ada's. Throws when the answer is another than the one expected. */
export async function decline(
  { stack, authorization }: Bench,
  goalId: string,
  expected = 202,
): Promise<void> {
  const response = await fetch(`${stack.app}/goals/${goalId}`, {
    method: "DELETE",
    headers: { authorization, "content-type": "application/json" },
    body: '{"agree":false}',
  });
  const body = await response.text();
  if (response.status !== expected)
    throw new Error(`${expected} was expected, not ${response.status} ${body}`);
}

/** The receivers that a decline waits for; the refund's has a clock of its own. */
export const immediateReceivers = receiverIds.filter((id) => id !== "trigger_exclusive_goal_escrow_refund");

/** When the last of these receivers of each goal was done, by the goal's id; goals of which one is not yet are left out. */
async function settledAt(
  { mongo }: Bench,
  goalIds: readonly string[],
  receivers: readonly string[] = receiverIds,
): Promise<Map<string, number>> {
  const goals = await mongo
    .db()
    .collection("receiver_runs")
    .aggregate<{ _id: ObjectId; runs: number; last: Date }>([
      {
        $match: {
          goal_id: { $in: goalIds.map((id) => new ObjectId(id)) },
          receiver: { $in: [...receivers] },
          status: { $in: ["done", "returned"] },
        },
      },
      { $group: { _id: "$goal_id", runs: { $sum: 1 }, last: { $max: "$finished" } } },
      { $match: { runs: receivers.length } },
    ])
    .toArray();
  return new Map(goals.map(({ _id, last }) => [_id.toHexString(), last.getTime()]));
}

/** Waits until these receivers of all goals are done; looks rarely, since looking is a load as well. */
export async function untilSettled(
  bench: Bench,
  goalIds: readonly string[],
  {
    receivers = receiverIds,
    within_ms = 180_000,
  }: { receivers?: readonly string[]; within_ms?: number } = {},
): Promise<Map<string, number>> {
  for (const deadline = Date.now() + within_ms; ; await wait(250)) {
    const settled = await settledAt(bench, goalIds, receivers);
    if (settled.size === goalIds.length) return settled;
    if (Date.now() > deadline)
      throw new Error(`${goalIds.length - settled.size} of ${goalIds.length} goals had not settled in time.`);
  }
}
