import { createHash } from "node:crypto";
import { ObjectId } from "mongodb";
import type { GoalAction } from "#src/contract/console.ts";
import { escrowIdOf } from "#src/contract/ids.ts";
import { ProblemError, problems } from "#src/contract/problems.ts";
import { receiverIds } from "#src/contract/receivers.ts";
import type { Caller } from "#src/contract/roles.ts";
import { agree } from "#src/server/operations/agree.ts";
import { actOnGoal } from "#src/server/operations/console/act.ts";
import { declineGoal } from "#src/server/operations/decline-goal.ts";
import { payOutEscrow } from "#src/server/operations/escrow.ts";
import { invite } from "#src/server/operations/invite.ts";
import type { Asked } from "./model.ts";
import { ask, goalsOf, pass, rest, type Stage, type viewerNames } from "./stage.ts";
import type { Fault } from "./turns.ts";

/** One thing that happens in the world; `goal` and `n` are places, taken round the end. */
export type Act =
  | { readonly kind: "invite"; readonly viewer: (typeof viewerNames)[number]; readonly force: boolean }
  | { readonly kind: "decline"; readonly goal: number; readonly by: "streamer" | "stranger" }
  | { readonly kind: "agree" | "pay_out"; readonly goal: number }
  | {
      readonly kind: "act";
      readonly goal: number;
      readonly action: GoalAction["kind"];
      readonly request: number;
    }
  | { readonly kind: "redeliver" | "lose"; readonly n: number }
  | { readonly kind: "arm"; readonly fault: Fault }
  | { readonly kind: "pass"; readonly seconds: number }
  | { readonly kind: "die" | "rest" };

const admin: Caller = { id: "a".repeat(24), name: "root", email: "", role: "admin" };
const streamer = (id: string): Caller => ({ id, name: "ada", email: "", role: "streamer" });

/** The same place in the pool of requests is the same request, sent again. */
const requestIdOf = (action: string, goalId: string, n: number): string => {
  const hex = createHash("sha256").update(`${action}:${goalId}:${n}`).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
};

/** Whether it was granted; false when it was clearly refused. Throws when nobody can say. */
async function granted(act: Promise<unknown>): Promise<boolean> {
  try {
    const answer = await act;
    return !(typeof answer === "object" && answer !== null && "refused" in answer) && answer !== false;
  } catch (error) {
    if (error instanceof ProblemError && problems[error.code].status < 500) return false;
    throw error;
  }
}

const actionOf = (kind: GoalAction["kind"]): GoalAction =>
  kind === "retry" ? { kind, receivers: [...receiverIds] } : { kind };

/** Makes it happen. What somebody asks for goes on by itself; `goal` and `n` are places, taken round the end. */
export async function perform(stage: Stage, act: Act): Promise<void> {
  const { world, scene } = stage;
  const { turns, queue } = world;
  const goalAt = async (n: number): Promise<string | undefined> => {
    const goals = await goalsOf(stage);
    return goals[n % Math.max(1, goals.length)]?._id.toHexString();
  };
  const about = (kind: Asked["kind"], goalId: string): Asked | null => {
    // What has run out can be neither declined nor agreed to: whoever asks for it then asks for nothing.
    const isLate = (stage.goals.get(goalId)?.exp ?? 0) <= world.now();
    if (isLate && (kind === "decline" || kind === "agree")) return null;
    return { kind, concerns: ({ id }) => id === goalId };
  };
  switch (act.kind) {
    case "invite": {
      const viewer = scene.viewers[act.viewer] ?? "";
      const [streamerEmail, viewerEmail] = await Promise.all(
        [scene.streamerId, viewer].map((id) => emailOf(stage, id)),
      );
      const before = world.now();
      const asked: Asked | null = act.force
        ? { kind: "replace", concerns: (goal) => goal.viewer === viewer && goal.created < before }
        : null;
      ask(stage, asked, (services) =>
        granted(
          invite(services, {
            streamerEmail: streamerEmail ?? "",
            viewerEmail: viewerEmail ?? "",
            amount: 1_200,
            minutes: 60,
            force: act.force,
          }),
        ),
      );
      return;
    }
    case "decline": {
      const goalId = await goalAt(act.goal);
      if (goalId === undefined) return;
      const caller = streamer(act.by === "stranger" ? new ObjectId().toHexString() : scene.streamerId);
      ask(stage, about(act.by === "stranger" ? "nothing" : "decline", goalId), (services) =>
        granted(declineGoal(services, caller, goalId)),
      );
      return;
    }
    case "agree": {
      const goalId = await goalAt(act.goal);
      if (goalId === undefined) return;
      ask(stage, about("agree", goalId), (services) => granted(agree(services, goalId)));
      return;
    }
    case "pay_out": {
      const goalId = await goalAt(act.goal);
      // The platform pays out for shows alone.
      if (goalId === undefined || stage.goals.get(goalId)?.end !== "agreed") return;
      ask(stage, about("pay_out", goalId), (services) =>
        granted(payOutEscrow(services, escrowIdOf(goalId), scene.streamerId)),
      );
      return;
    }
    case "act": {
      const goalId = await goalAt(act.goal);
      if (goalId === undefined) return;
      const { action, request } = act;
      const asked = action === "retry" || action === "resend_signal" ? null : about(action, goalId);
      if (action === "resend_signal") stage.resends++;
      ask(stage, asked, (services) =>
        granted(
          actOnGoal(services, admin, {
            goalId,
            action: actionOf(action),
            reason: "The model says so.",
            requestId: requestIdOf(action, goalId, request),
          }),
        ),
      );
      return;
    }
    case "redeliver":
      queue.redeliver(act.n);
      return;
    case "lose": {
      const goal = stage.goals.get(String(queue.lose(act.n)?.data["goal_id"]));
      if (goal !== undefined) goal.lost = true;
      stage.hasLost = true;
      return;
    }
    case "arm":
      turns.arm(act.fault);
      return;
    case "die":
      turns.killAll();
      return;
    case "pass":
      await pass(stage, act.seconds * 1_000);
      return;
    case "rest":
      await rest(stage);
  }
}

const emailOf = async ({ world }: Stage, id: string) =>
  String((await world.services.db.driver.collection("user").findOne({ _id: new ObjectId(id) }))?.["email"]);
